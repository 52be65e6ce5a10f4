"""Names of languages as recognisers and people write them; the table itself is in the domain."""

from clipforge_desktop.domain.languages import LANGUAGES, language_code, language_name

__all__ = ["LANGUAGES", "language_code", "language_name"]
