"""Which words are the most urgent red flags: a table per tier, over text without capitals and apostrophes.

"cannot", "could not", "unable to" and the like are all "cant" here. A reason is what repeats are limited by.
"""

from __future__ import annotations

from typing import Final

_MEDICINE = (
    r"(?:baclof[ei]n|bacloven|back ?lofen|back ?low ?fen|lioresal|tizanidine|zanaflex|dantrolene"
    r"|diazepam|gabapentin|pregabalin|(?:(?:spasm|spasticity|muscle|evening|morning"
    r"|night) )?(?:tablets?|pills?|meds|medicines?|medication))"
)
_BREATH = r"(?:breath|breathe|breathing|breeth|breathin|breed|breeve|breave|breef)"

LOW_MOOD: Final[tuple[str, ...]] = (
    r"\b(?:kill(?:ing)?|hang(?:ing)?|drown(?:ing)?) myself\b(?! (?:laughing|in))",
    r"\bsuicid\w*",
    r"\bend(?:ing)? it all\b(?! (?:for|until|till) )",
    r"\bend(?:ing)? my (?:own )?life\b",
    r"\bwant to end everything\b(?! (?:for|until|till) )",
    r"\b(?:take|taking) my (?:own )?life\b(?! story)",
    r"\b(?:enough|tired|sick) of (?:living|life|being alive)\b",
    r"\bwant (?:it|this) all to (?:end|be over)\b",
    r"\b(?:wanting|let me|asked|trying|tried) to die\b|\blet me die\b",
    r"\b(?:thinking|think|thought|thoughts) (?:of|about) (?:ending (?:it|things|everything)|dying|death)\b",
    r"\bready to end it\b|\bdisappear forever\b|\b(?:hurt|hurting) myself on purpose\b",
    r"\b(?:point|use) (?:of|in) (?:living|being alive)\b|\bto not wake up\b|\bnot (?:to )?wake up again\b",
    (
        r"\b(?:want|wanna|wish|rather|ready) (?:(?:to|i|was|were|could|would|just|be|it|all"
        r"|really) )*(?:die|dead)\b(?! (?:of|for|laughing|tired) )"
    ),
    r"\b(?:im|i am|am i) going to (?:die|be dead)\b(?! (?:of|for|laughing|tired|if) )",
    r"\b(?:feel|feeling) like dying\b",
    r"\bbetter off (?:dead|without me)\b",
    (
        r"\b(?:dont|do not|no longer) (?:really )?(?:want|wanna) (?:to )?(?:live|be alive|exist)\b"
        r"(?! (?:with|in|here) )"
    ),
    (
        r"\b(?:dont|do not|no longer) (?:really )?(?:want|wanna) (?:to )?(?:be here|go on|carry on"
        r"|wake up)(?: (?:again|any ?more|tomorrow|living|like this))*$"
    ),
    r"\b(?:no|any) (?:point|reason) (?:(?:in|to|for|me) )*(?:living|live|going on|go on|being here|carrying on)$",
    r"\b(?:no|any) (?:point|reason) (?:(?:in|to|for|me) )*(?:living|live|being alive)\b",
    r"\bnothing (?:left )?to live for\b",
    r"\b(?:not|isnt|aint) worth living\b",
    r"\bi (?:really |just )?cant (?:go on|carry on)(?: (?:like this|living|any ?more))*$",
    r"\b(?:self ?harm\w*|harm(?:ing|ed)? myself|cut(?:ting)? myself on purpose|cutting myself)\b",
    (
        r"\b(?:want|wanna|going|might|could|thinking|thoughts|thought|urge|feel) (?:(?:to|of|about"
        r"|like|i|might) )*(?:hurt|hurting) myself\b"
    ),
    r"\bwish i (?:wasnt|was not|werent) (?:here|alive|born)\b",
    r"\b(?:wish|hope) i (?:dont|wont|didnt|never|wouldnt) wake up\b",
    r"\b(?:take|taking|taken|took) (?:an )?overdose\b",
    r"\boverdose on purpose\b",
    r"\btake all (?:of )?my (?:tablets|pills|meds|medication)\b(?! (?:at|in|with) )",
)
"""Any words of self-harm, and not what people say of the heat or for a coffee. No negation is looked for here."""

CALL_NOW: Final[tuple[tuple[str, str], ...]] = (
    (
        "breathing",
        (
            r"\bcant (?:i )?(?:really |even |hardly |get (?:my |a |any |enough |some )*|catch (?:my "
            rf"|a )?|draw (?:a )?|take (?:a )?(?:deep )?)?(?:{_BREATH}|air)\b"
        ),
    ),
    (
        "breathing",
        (
            r"\b(?:trouble|difficult\w*|hard|struggl\w+|problems?|fighting|hardly|barely) (?:(?:with|to"
            rf"|my|for|it|is|in) )*{_BREATH}\b"
        ),
    ),
    (
        "breathing",
        (
            r"\b(?:breath|breathing) (?:is |has |feels? |got |getting |so |very |really |become )*(?:hard"
            r"|difficult|bad|short|shallow|worse|stopped|trouble|problems?)\b"
        ),
    ),
    ("breathing", r"\bshort(?:ness)? of breath\b"),
    ("breathing", r"\bbreathless\b(?! (?:after|from|on|when|going) )"),
    ("breathing", r"\bstopped breathing\b"),
    ("breathing", r"\bnot breathing\b"),
    (
        "breathing",
        (
            r"\bout of breath\b(?! (?:from|after|climbing|walking|on|going|coming|because of) (?:the |my "
            r"|a |up |climbing |walking |going )*(?:stairs|steps|walk\w*|exercis\w*|hill|up|shower"
            r"|stretch\w*|physio))"
        ),
    ),
    ("breathing", r"\bgasping\b"),
    ("breathing", r"\bstruggling for (?:air|breath)\b"),
    ("breathing", r"\bsuffocat\w+"),
    ("breathing", r"\bchoking\b"),
    ("breathing", r"\bchoked\b"),
    ("swallowing", r"\bcant (?:i )?swallow\w*"),
    ("swallowing", r"\b(?:trouble|difficult\w*|hard|struggl\w+|problems?) (?:(?:with|to|my|in|it|is) )*swallow\w*"),
    (
        "swallowing",
        (
            r"\bswallowing (?:is |has |feels? |got |getting |so |very |really )*(?:hard|difficult|trouble"
            r"|problems?|worse)\b"
        ),
    ),
    ("swallowing", r"\bstuck in my throat\b"),
    (
        "throat",
        (
            r"\bthroat (?:is |feels? |has |are |just |keeps? |was )*(?:(?:going |really |so |all )*)"
            r"(?:spasm\w*|clos\w+|tight\w*|seiz\w+|swell\w*|swollen|lock\w*|squeez\w+)"
        ),
    ),
    ("throat", r"\b(?:spasms?|tight\w*|squeez\w+|cramps?|swelling) (?:(?:in|of|on|at|my|the|around) )+throat\b"),
    ("throat", r"\b(?:tongue|lips?) (?:is |are |has |have )*(?:swell\w*|swollen)\b"),
    (
        "chest",
        r"\b(?:chest|chess) (?:(?:is|feels?|really|so|very|a|bit|quite) )*(?:painful|sore|uncomfortable|heavy)\b",
    ),
    (
        "chest",
        (
            r"\b(?:chest|chess) (?:is |feels? |has |keeps? |was |really |so |a |been )*"
            r"(?:pains?|panes?|hurt\w*|hurting|ach\w+|burn\w+|crush\w+|heavy|pressure)\b"
        ),
    ),
    (
        "chest",
        (
            r"\b(?:pains?|ache|aching|pressure|weight|hurts?|crushing) (?:(?:in|on|across|my|the|around"
            r"|middle|of|left|side) )+(?:chest|chess|heart)\b(?! (?:freezer|of drawers))"
        ),
    ),
    ("chest", r"\bheart attack\b"),
    ("colour", r"\b(?:going|turning|gone|turned|went) (?:blue|grey|gray|mottled)\b"),
    (
        "colour",
        (
            r"\b(?:lips?|face|skin|fingers?|hands?|foot|feet|leg|toes?|nails|tongue) (?:(?:is|are|has"
            r"|have|gone|going|went|turn\w*|look\w*|all|a|bit|very|really|feel\w*) )*(?:blue|bluish|grey"
            r"|gray|mottled|purple)\b"
        ),
    ),
    ("colour", r"\b(?:blue|bluish|grey|gray|mottled) (?:lips?|skin|face|fingers|tongue)\b"),
    ("colour", r"\bmottled\b"),
    (
        "confusion",
        (
            r"\bseeing (?:\w+ ){1,6}(?:that|who|which) (?:arent|isnt|are not|is not|werent) "
            r"(?:really )?(?:there|real)\b"
        ),
    ),
    ("confusion", r"\bconfus(?:ed|ion)\b(?! (?:about|by|with|over) (?:the|this|that|your|these|how|what|my))"),
    ("confusion", r"\bdelirious\b"),
    ("confusion", r"\bdisorientat?ed\b"),
    ("confusion", r"\bhallucinat\w*"),
    ("confusion", r"\bseeing things\b"),
    ("confusion", r"\bhearing (?:voices|things)\b"),
    ("confusion", r"\bdont know where i am\b"),
    ("confusion", r"\bdont know who i am\b"),
    ("seizure", r"\b(?:im|i am|started|was|^) ?fitting\b"),
    ("seizure", r"^fitting$"),
    ("seizure", r"\b(?:seizure|seizures|seizer|seasure|convuls\w+)\b"),
    ("seizure", r"\b(?:had|having|have) (?:a|another) fit\b"),
    ("face", r"\bface (?:(?:is|feels?|looks?|a|bit|all) )*(?:droopy|drooping|wonky|lopsided|paraly\w+)\b"),
    (
        "face",
        (
            r"\b(?:face|mouth|eyelid|smile|cheek) (?:(?:is|has|on|one|side|of|my|the|keeps?|looks?|left"
            r"|right|just|suddenly|gone) )*(?:droop\w*|dropp\w+|sagg\w+|lopsided|numb on one side)\b"
        ),
    ),
    ("face", r"\bdroop\w* (?:(?:face|mouth|of|my|on|the|one|side) )*(?:face|mouth)\b"),
    ("face", r"\bface droop\b"),
    ("speech", r"\bcant (?:i )?(?:speak|talk)\b"),
    ("speech", r"\bcant (?:i )?get (?:my |the |any )?words out\b"),
    ("speech", r"\b(?:lost|losing|lose) my (?:speech|voice)\b(?! remote)"),
    ("speech", r"\bspeech (?:is |has |just |suddenly |all )*(?:gone|went|stopped|lost)\b"),
    ("speech", r"\bloss of speech\b"),
    ("speech", r"\b(?:sudden\w*|just started) (?:\w+ ){0,3}slurr\w+"),
    ("speech", r"\bslurr\w+ (?:\w+ ){0,2}sudden\w*"),
    ("speech", r"\b(?:having|had|think its|its|be) a (?:mini )?stroke\b"),
    (
        "collapse",
        (
            r"(?<!leg )(?<!legs )(?<!knee )(?<!knees )(?<!ankle )(?<!lung )\b(?:collaps(?:ed|ing)"
            r"|blacked out|passed out|passing out|fainted|fainting|unconscious)\b"
        ),
    ),
    (
        "movement",
        (
            r"\b(?:legs?|arms?|hands?|feet|foot|body|side) (?:\w+ ){0,2}sudden\w* (?:stopped|stops|gone|went"
            r"|gave out|will not)\b(?! (?:hurting|aching|bouncing|shaking|spasming|jumping|cramping|jerking"
            r"|twitching))"
        ),
    ),
    (
        "movement",
        (
            r"\b(?:sudden\w*) (?:\w+ ){0,4}(?:weak\w*|numb(?:ness)?|paraly\w+|blind|cant (?:move|feel|see|walk"
            r"|stand)|los[et] \w+|loss of|lost|gone dead|dead)\b"
        ),
    ),
    (
        "movement",
        (
            r"\b(?:cant (?:move|feel|see|walk|stand)|weak\w*|numb(?:ness)?|loss of movement|lost movement|lost "
            r"(?:the use|feeling|sight|vision)|gone dead) (?:\w+ ){0,5}(?:suddenly|all of a sudden"
            r"|out of nowhere)\b"
        ),
    ),
    ("movement", r"\bparaly[sz]ed\b"),
    ("movement", r"\bparalysis\b"),
    ("movement", r"\b(?:loss of|lost(?: all)?) movement\b"),
    (
        "movement",
        (
            r"(?<!stiff )(?<!that )(?<!tight )(?<!cramped )(?<!spasm )\b(?:i |and i |now i "
            r"|just i )?cant (?:even |really )?move\b(?! (?:on|house|home|it|them|that|the (?:bed|lamp"
            r"|chair|wheelchair|table|fan)))"
        ),
    ),
    ("bleeding", r"\bbleeding (?:wont stop|heavily|a lot|badly)\b"),
    ("bleeding", r"\bwont stop bleeding\b"),
    ("bleeding", r"\b(?:vomiting|coughing|throwing|sick) (?:up )?blood\b"),
    ("allergy", r"\banaphyla\w+"),
    ("allergy", r"\ballergic reaction\b"),
    ("allergy", r"\banaphylactic\b"),
    ("hot_water", r"\b(?:stuck|trapped) in (?:the |my |a |this |hot )*(?:bath\w*|tub|hot tub|shower|water|jacuzzi)\b"),
    (
        "hot_water",
        (
            r"\bcant (?:get|climb|come) (?:\w+ ){0,2}out (?:of )?(?:the |my |a |this |hot )*(?:bath\w*"
            r"|tub|hot tub|shower|water|jacuzzi)\b"
        ),
    ),
)
"""Trouble with breath or throat, chest, colour, mind, speech, movement: an emergency number, at once."""

PUMP: Final[tuple[tuple[str, str], ...]] = (
    ("pump", r"\b(?:intrathecal|baclof[ei]n) pumps? (?:\w+ ){0,3}(?:noise|sound|problem|wrong|trouble)\w*"),
    ("pump", r"\bmiss(?:ed|ing)? (?:\w+ ){0,2}pump (?:appointment|fill|top up)\b"),
    (
        "pump",
        (
            r"\bpumps? (?:\w+ ){0,4}(?:beep\w*|bleep\w*|alarm\w*|buzz\w*|empty|ran out|run out"
            r"|running out|stopped|fail\w*|broken|not working|error)\b"
        ),
    ),
    ("pump", r"\b(?:beep\w*|bleep\w*|alarm\w*|buzz\w*) (?:\w+ ){0,3}(?:from |in |of |on )(?:my |the )?(?:\w+ )?pump\b"),
    ("pump", r"\bpump alarm\b"),
    ("pump", r"\bmiss(?:ed|ing)? (?:my |the |a )?(?:pump )?refill\b"),
    ("pump", r"\b(?:pump )?refill (?:is |was |has been )?(?:overdue|late|missed|cancelled)\b"),
    ("stopped", rf"\bno more {_MEDICINE}\b"),
    ("stopped", r"\b(?:prescription|script) (?:has |have |just )*(?:ran|run) out\b"),
    ("stopped", rf"\b(?:run|ran|running|runs) out of (?:all )?(?:of )?(?:my |the )*{_MEDICINE}\b"),
    ("stopped", r"\bout of (?:my )?(?:baclof[ei]n|tizanidine|(?:spasm|spasticity) tablets)\b"),
    ("stopped", rf"\b{_MEDICINE} (?:\w+ ){{0,2}}(?:ran|run|running) out\b"),
    ("stopped", rf"\b{_MEDICINE} (?:(?:was|were|is|are|has|have|been|suddenly|got) )+stopped\b"),
    (
        "stopped",
        (
            rf"\b(?:stopped|quit|came off|come off|gone off|coming off|stopping) (?:\w+ ){{0,1}}(?:taking "
            rf"|using )?(?:all )?(?:of )?(?:my |the |me )*{_MEDICINE}\b"
        ),
    ),
    ("stopped", rf"\b(?:no|none of (?:my|the)|without) (?:more )?(?:my |any )?{_MEDICINE} left\b"),
    (
        "stopped",
        (
            r"\b(?:havent|have not|hasnt|not) (?:had|taken|got) (?:any |my |the )*(?:baclof[ei]n"
            r"|tizanidine|(?:spasm|spasticity) tablets)\b"
        ),
    ),
)
"""A pump that calls, or a medicine for spasticity that stopped. A single reminder that was missed is none of it."""
