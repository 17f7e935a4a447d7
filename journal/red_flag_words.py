"""Which words are red flags: the tables of all tiers, see ``red_flag_urgent`` for how they are written."""

from __future__ import annotations

from typing import Final

from journal.red_flag_urgent import CALL_NOW, LOW_MOOD, PUMP

__all__ = ["CALL_NOW", "LOW_MOOD", "NEXT_DAYS", "PUMP", "TABLES", "TODAY", "TOGETHER"]

_WEE = (
    r"(?:wee|weeing|wees|pee|peeing|pees|urine|urinat\w+|pass(?:ing)? (?:water|urine)|waterworks"
    r"|go(?:ing)? to the (?:loo|toilet))"
)

TODAY: Final[tuple[tuple[str, str], ...]] = (
    (
        "fever",
        (
            r"\b(?:temperature|temp) (?:(?:of|is|was|at|about) )*(?:38|39|40|41|10[1-5]|100 [4-9]|thirty "
            r"(?:eight|nine)|forty)\b(?! (?:percent|in the))"
        ),
    ),
    ("fever", r"\b(?:fever|feverish|shiver\w*|rigors?)\b"),
    ("fever", r"\bburning up\b"),
    (
        "fever",
        (
            r"\b(?:got|have|having|ve|running|run|with|ive|has) (?:a |an |got |bit |of |slight |high "
            r"|bad |raised )*(?:temperature|temp)\b(?! (?:sensor|in|of (?:the|my|2|1)|reading|display"
            r"|control))"
        ),
    ),
    ("fever", r"\b(?:high|raised) temperature\b(?! in)"),
    (
        "fever",
        (
            r"\b(?:my (?:temperature|temp) (?:is|was|s)|temperature of|temp of|thermometer (?:says|reads"
            r"|shows)) (?:at |about |now |up |over |around )*(?:high|up|3[89]|4[01]|10[1-5]|100 [4-9]"
            r"|thirty (?:eight|nine)|forty)\b"
        ),
    ),
    ("urine", r"\b(?:havent|hasnt|not|cant) been able to (?:wee|pee|pass|urinate|go to the (?:loo|toilet))\b"),
    ("urine", r"\bcant (?:to )?(?:wee|pee|urinate)\b"),
    ("urine", rf"\b(?:burn\w*|sting\w*|hurts?|painful|pain|agony) (?:\w+ ){{0,3}}{_WEE}\b"),
    ("urine", rf"\b{_WEE} (?:\w+ ){{0,2}}(?:burn\w*|sting\w*|hurts?|painful|is agony)\b"),
    ("urine", r"\b(?:cloudy|smelly|bloody|blood in|stinking|dark) (?:\w+ ){0,2}(?:wee|pee|urine)\b"),
    ("urine", r"\b(?:wee|pee|urine) (?:\w+ ){0,3}(?:cloudy|smelly|smells?|stinks?|bloody|blood|dark)\b"),
    ("urine", r"\bcant (?:i )?(?:wee|pee|urinate|pass (?:water|urine|any)|empty my bladder)\b"),
    (
        "urine",
        (
            r"\b(?:no urine|(?:havent|not) (?:weed|peed|wee|pee|had a (?:wee|pee)|been to the (?:loo"
            r"|toilet)|passed (?:water|urine|any)) (?:\w+ ){0,2}(?:today|all day|since|hours"
            r"|all night))\b"
        ),
    ),
    (
        "catheter",
        (
            r"\bcatheters? (?:\w+ ){0,3}(?:block\w*|leak\w*|not draining|isnt draining|stopped|fell out"
            r"|come out|came out|out)\b"
        ),
    ),
    ("catheter", r"\bblocked catheter\b"),
    ("catheter", r"\bblocked my catheter\b"),
    (
        "swollen",
        (
            r"\b(?:leg|calf|thigh|ankle|foot|knee) (?:(?:is|has|looks?|feels?|gone|got|all|really|very|so"
            r"|one|newly|hot|red|and|painful|a|bit|badly) )*(?:swollen|swelling|swelled|swole)\b"
        ),
    ),
    (
        "swollen",
        (
            r"\b(?:swollen|swelling) (?:(?:in|of|my|one|left|right|the|painful|hot|and|red) )*(?:leg|calf"
            r"|thigh|ankle|foot|knee)\b"
        ),
    ),
    (
        "swollen",
        (
            r"\b(?:leg|calf|thigh) (?:(?:is|feels?|really|very|so|gone) )*(?:hot and (?:red|painful|sore)"
            r"|red and (?:hot|painful|sore)|painful and (?:hot|red))\b"
        ),
    ),
    ("skin", r"\bsores? (?:on|at) (?:my |the )?(?:left |right )?(?:bottom|heel|hip|tailbone|buttock|bum|ankle)\b"),
    ("skin", r"\bpressure (?:sores?|ulcers?)\b"),
    ("skin", r"\bbed ?sores?\b"),
    ("skin", r"\bhot skin\b"),
    ("skin", r"\bskin (?:\w+ ){0,3}(?:hot|broken|open)\b"),
    (
        "skin",
        (
            r"\b(?:red|hot) (?:patch|mark|spot|sore) (?:\w+ ){0,2}(?:bottom|heel|hip|tailbone|back|skin"
            r"|buttock|ankle)\b"
        ),
    ),
    ("fall", r"\bhelp\b.*\bcant get (?:back )?up\b|\b(?:on|off|from) the floor\b.*\bcant get up\b"),
    ("fall", r"\bcant get (?:back )?up (?:off|from) the floor\b|\bstuck on the floor\b"),
    ("fall", r"\b(?:tripped|slipped|stumbled|toppled) (?:\w+ ){0,2}(?:fell|over|down|in the|on the|getting)\b"),
    (
        "fall",
        (
            r"\bi (?:have |just |had |ve |actually )*(?:fell|fallen)\b(?! (?:asleep|out with|behind|ill"
            r"|for|in love|back to sleep))"
        ),
    ),
    ("fall", r"\bive (?:just |had )?fallen\b"),
    (
        "fall",
        (
            r"\bfell (?:over|down|out of (?:bed|my|the|a)|off|in the|on the|onto|at|backwards|forwards"
            r"|again|flat|getting|going|trying|this|today|last|yesterday|earlier)\b"
        ),
    ),
    ("fall", r"^(?:fell|fallen|fall)$"),
    (
        "fall",
        (
            r"\b(?:had|have had|taken|took|another|bad|nasty|log(?:ged)? a|a) (?:a |bad |nasty |little "
            r"|small |big )*(?:fall|tumble)\b(?! (?:asleep|of temperature|in (?:the )?temperature))"
        ),
    ),
    ("fall", r"\bhit my head\b"),
    ("fall", r"\bbanged my head\b"),
    ("fracture", r"\bfractur\w+"),
    (
        "fracture",
        (
            r"\bbroken? (?:my |a |an |the |left |right )*(?:bone|hip|leg|arm|wrist|ankle|foot|toe|rib"
            r"|ribs|finger|collarbone|neck|hand)\b"
        ),
    ),
    (
        "sudden",
        (
            r"\bsudden(?:ly)?\b(?! (?:(?:it |they |has |have |just |all |is |was )*(?:stopped|stops"
            r"|better|gone|eased|fine|went away|improved)))"
        ),
    ),
    ("sudden", r"\ball of a sudden\b"),
    ("sudden", r"\bout of nowhere\b"),
    ("severe", r"\bworst (?:pain|spasms?|cramp|headache) (?:ever|of my life|i have ever|ive ever)\b"),
    (
        "severe",
        (
            r"\b(?:severe|unexplained|excruciating|agonising|agonizing|unbearable) (?:\w+ ){0,3}"
            r"(?:pains?|spasms?|spazms?|cramps?|headache|sarcasms?)\b"
        ),
    ),
    (
        "severe",
        (
            r"\b(?:pains?|spasms?|cramps?) (?:\w+ ){0,3}(?:severe|unexplained|excruciating|agonising"
            r"|agonizing|unbearable)\b"
        ),
    ),
    ("severe", r"\b(?:im |i am )?in agony\b"),
    ("cannot_move", r"\bcant (?:even |really )?move\b"),
    ("relapse", r"\brelaps(?:e|ed|es|ing)\b(?! (?:remitting|and remitting))"),
    ("relapse", r"\bms attack\b"),
    ("relapse", r"\bhaving an attack\b"),
    ("relapse", r"\bflare ?up\b"),
    (
        "function",
        r"\b(?:legs?|arms?|hands?|foot|feet|eyes?) (?:\w+ ){0,2}stopped (?:working|moving|responding)\b",
    ),
    ("function", r"\b(?:vision|sight|eyesight) (?:\w+ ){0,2}(?:blurr\w+|gone|going|double|lost|worse)\b"),
    ("function", r"\bdouble vision\b"),
    (
        "function",
        (
            r"\bcant (?:really )?(?:feel|see) (?:my |out of my |with my |from my |anything )(?:\w+ ){0,1}"
            r"(?:legs?|arms?|hands?|foot|feet|eyes?|face)\b"
        ),
    ),
    (
        "function",
        (
            r"\blost (?:all )?(?:(?:the )?use of|(?:all )?(?:the )?(?:feeling|strength|power"
            r"|sensation) in|my (?:sight|vision|eyesight|balance))\b"
        ),
    ),
    ("function", r"\b(?:gone|went|going) (?:completely |totally |suddenly |all )*(?:blind|numb|dead)\b"),
    ("function", r"\bcant get my words out\b"),
    (
        "function",
        (
            r"\bcant (?:walk|stand|see|feel|use|grip|lift) (?:\w+ ){0,4}(?:any ?more|since "
            r"(?:this morning|today|yesterday|lunch)|today|this morning|all day)\b"
        ),
    ),
    ("function", r"\b(?:speech|voice|words) (?:\w+ ){0,3}slurr\w+"),
    ("function", r"\bslurr\w+ (?:my )?(?:speech|words)\b"),
    ("function", r"\bslurring\b"),
    ("bladder", r"\blost (?:my )?(?:bladder|bowel)\w* control\b"),
    ("bladder", r"\b(?:lost|losing|no|cant) (?:\w+ ){0,1}control (?:\w+ ){0,2}(?:bladder|bowels?)\b"),
    ("bladder", r"\b(?:bladder|bowel)s? control (?:\w+ ){0,2}(?:gone|lost)\b"),
    ("bladder", r"\bincontinen\w+"),
    ("bladder", r"\b(?:wet|soiled) myself\b"),
    ("saddle", r"\bcant (?:really )?feel (?:\w+ ){0,2}(?:between my legs|my (?:bottom|bum|groin|private parts))\b"),
    ("saddle", r"\bnumb(?:ness)? (?:\w+ ){0,3}(?:saddle|bottom|between my legs|groin|genitals?|private parts|bum)\b"),
    ("saddle", r"\b(?:saddle|bottom|groin|between my legs|bum) (?:\w+ ){0,3}numb(?:ness)?"),
)
"""A nurse or doctor today."""

_DAYS = (
    r"(?:(?:two|three|four|five|six|seven|ten|\d+|several|many|a few|a couple of|some"
    r"|the last few|the past few) days|days|(?:a|one|two|three|\d+|several) weeks?|all week"
    r"|over a day|more than a day)"
)

NEXT_DAYS: Final[tuple[tuple[str, str], ...]] = (
    (
        "lasting",
        (
            rf"\b(?:lasted|lasting|going on|gone on|been there) (?:for |now |already )*(?:{_DAYS}"
            r"|more than a day|over a day)\b"
        ),
    ),
    ("lasting", r"\bworse (?:all week|every day|each day|day by day|by the day)\b"),
    (
        "lasting",
        (
            r"\b(?:worse|worsening|stiff\w*|spasms?|pain\w*|hurt\w*|ach\w+|numb(?:ness)?|weak\w*|tight\w*"
            rf"|spasming|new symptoms?|tired\w*|fatigue\w*|exhausted) (?:\w+ ){{0,5}}for "
            rf"(?:the )?(?:last |past )?{_DAYS}\b"
        ),
    ),
    (
        "lasting",
        (
            r"\b(?:worse|worsening|stiff\w*|spasms?|pain\w*|hurt\w*|ach\w+|numb(?:ness)?|weak\w*|tight\w*) "
            r"(?:\w+ ){0,4}since (?:last (?:week|monday|tuesday|wednesday|thursday|friday|saturday"
            r"|sunday)|the day before yesterday)\b"
        ),
    ),
    ("lasting", r"\b(?:getting|got) worse (?:every|each) day\b"),
    ("side_effects", r"\bside effects?\b"),
    ("mood", r"\b(?:feel\w*|been) (?:so |very |really |quite )*(?:down|low)$"),
    ("mood", r"\b(?:feel\w*|been) (?:so |very |really |quite )*(?:down|low) (?:lately|for|all|these|this week)\b"),
    ("mood", r"\bmood (?:\w+ ){0,3}(?:worse|low|lower|down|bad|terrible|sinking|dropping)\b"),
    ("mood", r"\blow mood\b"),
    (
        "mood",
        (
            r"\b(?:feel\w*|am|im|been|getting) (?:so |very |really |more |quite |a bit |more and more )*"
            r"(?:depress\w+|hopeless|down all the time|down every day)\b"
        ),
    ),
    ("mood", r"\bdepression\b"),
)
"""The MS team, in the next day or two."""

TABLES: Final = (("call_now", CALL_NOW), ("pump_or_sudden_stop", PUMP), ("today", TODAY), ("next_days", NEXT_DAYS))

TOGETHER: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("pump_or_sudden_stop", "withdrawal", (r"\bitch\w*", r"\b(?:no|without a|without any|without) rash\b")),
    (
        "call_now",
        "fever_drowsy",
        (r"\b(?:fever|feverish|temperature)\b", r"\b(?:drows\w+|wont wake|cant stay awake|cant wake)\b"),
    ),
    (
        "pump_or_sudden_stop",
        "withdrawal",
        (
            r"\b(?:spasticity|stiffness|spasms?|tightness)\b",
            r"\b(?:back|returned|return|came back|come back|returning)\b(?! (?:spasm|pain|hurts|is|ache))",
            r"\b(?:fever|temperature|itch\w*)\b",
        ),
    ),
)
"""Signs that count when they come together in one sentence."""
