"""The one example a purpose prompt opens with, by answer language and level.

A base model follows the shot, not a label: a level or language asked for in words changed nothing
when measured. The sentences say nothing about returning, raising or changing, for models copy
such claims; the code is unlike what people ask about.
"""

from collections.abc import Mapping
from types import MappingProxyType

from procoder_tutor.questions import Level

SHOT_CODE = """\
def visible_stars(sky, limit):
    return sorted(star.name for star in sky if star.magnitude < limit)"""
SHOT_HEADER = "def visible_stars(sky, limit):"

SHOT_SENTENCES: Mapping[str, Mapping[Level, str]] = MappingProxyType(
    {
        "en": {
            Level.BEGINNER: "Goes through the stars of the sky, picks out the ones bright enough to"
            " be seen, and puts their names into alphabetical order.",
            Level.INTERMEDIATE: "Lists the names of the stars bright enough to be seen, in"
            " alphabetical order, so that the dim ones stay out of the chart.",
            Level.EXPERT: "Alphabetical names of the stars in `sky` whose magnitude lies below"
            " `limit`; dimmer stars are filtered out before sorting.",
        },
        "es": {
            Level.BEGINNER: "Recorre las estrellas del cielo, elige las que brillan lo bastante"
            " para verse y pone sus nombres en orden alfabético.",
            Level.INTERMEDIATE: "Enumera en orden alfabético los nombres de las estrellas que"
            " brillan lo bastante para verse y deja fuera las débiles.",
            Level.EXPERT: "Nombres, en orden alfabético, de las estrellas de `sky` con magnitud"
            " inferior a `limit`; las más débiles se filtran antes de ordenar.",
        },
        "de": {
            Level.BEGINNER: "Geht alle Sterne des Himmels durch, sucht die heraus, die man sehen"
            " kann, und ordnet ihre Namen alphabetisch.",
            Level.INTERMEDIATE: "Listet die Namen der Sterne, die hell genug sind, um sie zu sehen,"
            " alphabetisch auf und lässt die schwachen weg.",
            Level.EXPERT: "Alphabetisch geordnete Namen der Sterne aus `sky`, deren Magnitude unter"
            " `limit` liegt; schwächere werden vor dem Sortieren aussortiert.",
        },
        "fr": {
            Level.BEGINNER: "Parcourt les étoiles du ciel, choisit celles qui brillent assez pour"
            " être vues et range leurs noms par ordre alphabétique.",
            Level.INTERMEDIATE: "Énumère par ordre alphabétique les noms des étoiles assez"
            " brillantes pour être vues et laisse de côté les plus faibles.",
            Level.EXPERT: "Noms, par ordre alphabétique, des étoiles de `sky` dont la magnitude est"
            " inférieure à `limit` ; les plus faibles sont écartées avant le tri.",
        },
    }
)
