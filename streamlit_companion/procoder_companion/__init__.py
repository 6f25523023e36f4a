"""The companion: tutoring in a browser. A pure client of ProCoder's REST API."""
