"""What a client can do with code actions, read from its capabilities."""

from dataclasses import dataclass, field

from lsprotocol import types

from procoder_server.workspace_edits import EditSupport


@dataclass(frozen=True, slots=True)
class ActionSupport:
    """What a client can do with code actions."""

    literals: bool = False
    """It takes CodeAction objects; older clients take only commands."""
    resolves: bool = False
    """It asks for the edit when an action is chosen, and only then.

    VS Code asks for it as soon as an entry of its menu has the focus, as the first one has at once
    (`onFocus` in its codeActionController.ts): a model would write what nobody asked for. It also
    previews what a command applies, which is what `changeAnnotationSupport` is for; so a client
    that has this is given commands.
    """
    preferred: bool = False
    disabled: bool = False
    marks_models: bool = False
    """It marks what a model writes."""
    edits: EditSupport = field(default_factory=EditSupport)
    """For edits within an action."""
    applied_edits: EditSupport | None = None
    """For edits sent by `workspace/applyEdit`; None where the client applies none."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities) -> "ActionSupport":
        """Read what the client said."""
        document, workspace = capabilities.text_document, capabilities.workspace
        said = document.code_action if document else None
        edits = EditSupport.of(capabilities)
        applied = edits if workspace is not None and workspace.apply_edit else None
        if said is None:
            return cls(applied_edits=applied)
        resolved = said.resolve_support.properties if said.resolve_support else ()
        tags = said.tag_support.value_set if said.tag_support else ()
        annotations = edits.annotations and bool(said.honors_change_annotations)
        return cls(
            literals=said.code_action_literal_support is not None,
            resolves="edit" in resolved and bool(said.data_support) and not edits.annotations,
            preferred=bool(said.is_preferred_support),
            disabled=bool(said.disabled_support),
            marks_models=types.CodeActionTag.LlmGenerated in tags,
            edits=EditSupport(edits.versions, edits.creates, annotations),
            applied_edits=applied,
        )
