"""The words of the articles that are measured with, in Dutch, English and Arabic. They say nothing sensible."""

LOCALES = ("nl", "en", "ar")

PARTS = (
    ("knie", "knee", "ركبتك"),
    ("rug", "back", "ظهرك"),
    ("nek", "neck", "رقبتك"),
    ("schouder", "shoulder", "كتفك"),
    ("elleboog", "elbow", "مرفقك"),
    ("pols", "wrist", "معصمك"),
    ("heup", "hip", "وركك"),
    ("enkel", "ankle", "كاحلك"),
    ("voet", "foot", "قدمك"),
    ("hiel", "heel", "كعبك"),
    ("kaak", "jaw", "فكك"),
    ("duim", "thumb", "إبهامك"),
    ("kuit", "calf", "ساقك"),
    ("lies", "groin", "أربيتك"),
    ("borst", "chest", "صدرك"),
    ("hand", "hand", "يدك"),
)
OCCASIONS = (
    ("het tuinieren", "gardening", "العمل في الحديقة"),
    ("het hardlopen", "running", "الجري"),
    ("het verhuizen", "moving house", "الانتقال إلى بيت جديد"),
    ("het tillen", "lifting", "حمل الأشياء الثقيلة"),
    ("het fietsen", "cycling", "ركوب الدراجة"),
    ("een val", "a fall", "السقوط"),
    ("een operatie", "an operation", "عملية جراحية"),
    ("het thuiswerken", "working from home", "العمل من المنزل"),
    ("het zwemmen", "swimming", "السباحة"),
    ("het schilderen", "painting", "الطلاء"),
    ("het slapen", "sleeping", "النوم"),
    ("een lange reis", "a long journey", "رحلة طويلة"),
    ("het voetballen", "playing football", "لعب كرة القدم"),
    ("de zwangerschap", "pregnancy", "الحمل"),
    ("het traplopen", "climbing stairs", "صعود الدرج"),
)
TITLE = (
    "Pijn in je {part} na {occasion} ({n})",
    "Pain in your {part} after {occasion} ({n})",
    "ألم في {part} بعد {occasion} ({n})",
)
SUMMARY = (
    "Je {part} doet pijn na {occasion}. Meestal gaat het vanzelf over. Lees wat je zelf kunt doen.",
    "Your {part} hurts after {occasion}. Most of the time it passes by itself. Read what you can do.",
    "تشعر بألم في {part} بعد {occasion}. غالبًا ما يزول من تلقاء نفسه. اقرأ ما يمكنك فعله.",
)
HEADINGS = (
    ("Wat is er aan de hand?", "What is going on?", "ماذا يحدث؟"),
    ("Wat kun je zelf doen?", "What can you do yourself?", "ماذا يمكنك أن تفعل بنفسك؟"),
    ("Oefeningen voor je {part}", "Exercises for your {part}", "تمارين من أجل {part}"),
)
SENTENCES = (
    (
        "De spieren rond je {part} hebben harder gewerkt dan ze gewend zijn.",
        "The muscles around your {part} worked harder than they are used to.",
        "عملت العضلات حول {part} أكثر مما اعتادت عليه.",
    ),
    (
        "Rustig bewegen kan geen kwaad, ook als het **een beetje** pijn doet.",
        "Gentle movement does no harm, even if it hurts **a little**.",
        "الحركة الهادئة لا تضر، حتى لو كانت مؤلمة **قليلًا**.",
    ),
    (
        "Na {occasion} is je {part} vaak twee of drie dagen stijf.",
        "After {occasion} your {part} is often stiff for two or three days.",
        "بعد {occasion} غالبًا ما يتيبس {part} يومين أو ثلاثة أيام.",
    ),
    (
        "Verdeel zwaar werk over de dag en neem elk halfuur een pauze.",
        "Spread heavy work over the day and take a break every half hour.",
        "وزّع العمل الشاق على اليوم وخذ استراحة كل نصف ساعة.",
    ),
    (
        "Warmte helpt vaak: neem een douche of leg een kruik tegen je {part}.",
        "Warmth often helps: take a shower or put a hot water bottle to your {part}.",
        "الدفء يساعد غالبًا: خذ حمامًا دافئًا أو ضع قربة ماء ساخن على {part}.",
    ),
    (
        "Een foto of scan is de eerste zes weken *niet* nodig.",
        "A picture or scan is *not* needed in the first six weeks.",
        "لا حاجة إلى صورة أو أشعة *في الأسابيع الستة الأولى*.",
    ),
    (
        "Bouw {occasion} daarna rustig op, elke week een beetje meer.",
        "Then build {occasion} up slowly, a little more every week.",
        "ثم عُد إلى {occasion} ببطء، أكثر قليلًا كل أسبوع.",
    ),
    (
        "Herhaal dit tien keer en doe het drie keer per dag.",
        "Repeat this ten times and do it three times a day.",
        "كرّر هذا عشر مرات وافعله ثلاث مرات في اليوم.",
    ),
)
ALARM = ("Bel direct je huisarts", "Call your doctor at once", "اتصل بطبيبك فورًا")
ALARMS = (
    "Je kunt je {part} na {occasion} niet meer bewegen, of je hebt ook koorts.",
    "You cannot move your {part} any more after {occasion}, or you have a fever too.",
    "لم تعد تستطيع تحريك {part} بعد {occasion}، أو لديك حمى أيضًا.",
)
STEP = ("Stap {n}", "Step {n}", "الخطوة {n}")
QUESTION = ("Mag ik verder met {occasion}?", "May I go on with {occasion}?", "هل يمكنني الاستمرار في {occasion}؟")
JOB = ("Fysiotherapeut", "Physiotherapist", "أخصائي علاج طبيعي")
PRACTICE = ("Oefenpraktijk {n}", "Exercise practice {n}", "عيادة التمارين {n}")
ABOUT = ("Een praktijk die niet bestaat.", "A practice that does not exist.", "عيادة غير موجودة.")
COMPLAINTS = ("Klachten van je {part}", "Complaints of your {part}", "شكاوى {part}")
