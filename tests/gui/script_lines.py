"""One line of speech per script, for the sheet that is looked at and the tests of shaping."""

# ruff: noqa: RUF001 (letters of other scripts are the point of this file)

SCRIPT_LINES = {
    "Latin": "Où était l’Übermut? Þórður žije Ångström.",
    "Vietnamese": "Tiếng Việt rất đẹp và dễ nghe.",
    "Greek": "Κανείς δεν το είπε ποτέ έτσι.",
    "Cyrillic": "Никто не говорил об этом раньше.",
    "Arabic": "لم يخبرك أحد بهذا من قبل.",
    "Hebrew": "אף אחד לא סיפר לך את זה.",
    "Arabic with numbers": "باع 90 كاميرا في Berlin خلال 3.5 سنة.",
    "Hebrew in English": "She said שלום to 25 people.",
    "Hindi": "किसी ने यह बात पहले नहीं बताई।",
    "Thai": "ไม่เคยมีใครบอกคุณเรื่องนี้มาก่อน",
    "Chinese": "从来没有人告诉你这件事。",
    "Japanese": "誰もこのことを教えてくれない。",
    "Korean": "아무도 이것을 말해 주지 않았다.",
    "Emoji": "Family \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 "
    "flag \U0001f1e9\U0001f1ea hand \U0001f44b\U0001f3fd heart \u2764\ufe0f",
}
