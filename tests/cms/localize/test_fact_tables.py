"""Facts told in seven languages: any way of saying one agrees with any other way, and a denial with no assertion."""

import pytest

from cms.localize.checks import check

SAME = {
    "half past four": {
        "nl": ("om half vijf 's middags", "om 16.30 uur"),
        "en": ("at half past four in the afternoon", "at 4.30 pm"),
        "de": ("um halb fünf nachmittags", "um 16.30 Uhr"),
        "fr": ("à quatre heures et demie de l'après-midi", "à 16 h 30"),
        "tr": ("öğleden sonra dört buçukta", "saat 16.30'da"),
        "pl": ("o wpół do piątej po południu", "o 16.30"),
        "ar": ("في الساعة الرابعة والنصف عصرًا", "الساعة 16:30"),
    },
    "from eight thirty to five": {
        "nl": ("van 8.30 tot 17.00 uur",),
        "en": ("from 8.30 am to 5 pm", "between 8:30 and 17:00"),
        "de": ("von 8.30 bis 17 Uhr",),
        "fr": ("de 8 h 30 à 17 h",),
        "tr": ("08.30-17.00 saatleri arasında",),
        "pl": ("w godzinach 8.30–17.00",),
        "ar": ("من الثامنة والنصف صباحًا حتى الخامسة مساءً",),
    },
    "three quarters of an hour": {
        "nl": ("drie kwartier", "45 minuten"),
        "en": ("three quarters of an hour", "forty-five minutes"),
        "de": ("eine Dreiviertelstunde",),
        "fr": ("trois quarts d'heure",),
        "tr": ("kırk beş dakika",),
        "pl": ("trzy kwadranse",),
        "ar": ("ثلاثة أرباع الساعة", "خمس وأربعون دقيقة"),
    },
    "three quarters": {
        "nl": ("driekwart van de mensen", "75% van de mensen"),
        "en": ("three in four people", "75 percent of people"),
        "de": ("drei Viertel der Menschen", "drei von vier Menschen"),
        "fr": ("les trois quarts des gens",),
        "tr": ("insanların dörtte üçü",),
        "pl": ("trzy czwarte osób",),
        "ar": ("ثلاثة أرباع الناس",),
    },
    "one in five": {
        "nl": ("een op de vijf mensen", "20 procent van de mensen"),
        "en": ("one in five people",),
        "de": ("jeder fünfte Mensch",),
        "fr": ("une personne sur cinq",),
        "tr": ("her beş kişiden biri", "insanların %20'si"),
        "pl": ("co piąta osoba",),
        "ar": ("واحد من كل خمسة أشخاص",),
    },
    "the twenty-eighth week": {
        "nl": ("in de achtentwintigste week",),
        "en": ("in the twenty-eighth week", "in week 28"),
        "de": ("in der 28. Woche",),
        "fr": ("à la vingt-huitième semaine",),
        "tr": ("yirmi sekizinci haftada",),
        "pl": ("w dwudziestym ósmym tygodniu",),
        "ar": ("في الأسبوع الثامن والعشرين",),
    },
    "Wednesday afternoon": {
        "nl": ("op woensdagmiddag en zaterdagochtend",),
        "en": ("on Wednesday afternoon and Saturday morning",),
        "de": ("am Mittwochnachmittag und Sonnabendvormittag",),
        "fr": ("le mercredi après-midi et le samedi matin",),
        "tr": ("çarşamba öğleden sonra ve cumartesi sabahı",),
        "pl": ("w środę po południu i w sobotę rano",),
        "ar": ("بعد ظهر الأربعاء وصباح السبت",),
    },
    "a day and a night": {
        "nl": ("per etmaal 4 tabletten", "per 24 uur 4 tabletten"),
        "en": ("4 tablets in 24 hours",),
        "de": ("4 Tabletten in 24 Stunden",),
        "fr": ("4 comprimés par 24 heures",),
        "tr": ("24 saatte 4 tablet",),
        "pl": ("4 tabletki na dobę",),
        "ar": ("4 أقراص خلال 24 ساعة",),
    },
    "sets": {
        "nl": ("3 sets van 12 herhalingen",),
        "en": ("three sets of twelve repetitions",),
        "de": ("3 Sätze mit je 12 Wiederholungen",),
        "fr": ("3 séries de 12 répétitions",),
        "tr": ("12'şer tekrarlı 3 set",),
        "pl": ("3 serie po 12 powtórzeń",),
        "ar": ("3 مجموعات من 12 تكرارًا",),
    },
}
DENIED = {
    "en": ("This pain is harmless.", "This pain is not dangerous.", "This pain is dangerous."),
    "de": ("Dieser Schmerz ist harmlos.", "Dieser Schmerz ist nicht gefährlich.", "Dieser Schmerz ist gefährlich."),
    "fr": ("Cette douleur est sans danger.", "Cette douleur n'est pas dangereuse.", "Cette douleur est dangereuse."),
    "tr": ("Bu ağrı zararsızdır.", "Bu ağrı tehlikeli değildir.", "Bu ağrı tehlikelidir."),
    "pl": ("Ten ból jest niegroźny.", "Ten ból nie jest groźny.", "Ten ból jest groźny."),
    "ar": ("هذا الألم غير خطير.", "هذا الألم ليس خطيرًا.", "هذا الألم خطير."),
}


@pytest.mark.parametrize("fact", SAME)
def test_a_fact_agrees_with_itself_in_any_words(fact: str) -> None:
    told = SAME[fact]
    alarms = [
        (source, target)
        for locale in ("nl", "en")
        for source in told[locale]
        for other in told
        for target in told[other]
        if other != locale
        and {found.code for found in check(source, target, locale, other)} & {"number", "unit", "contact", "negation"}
    ]
    assert alarms == []


@pytest.mark.parametrize("source", ["Deze pijn is onschuldig.", "Deze pijn is niet gevaarlijk."])
@pytest.mark.parametrize("locale", DENIED)
def test_harmless_is_not_dangerous_and_never_dangerous(source: str, locale: str) -> None:
    harmless, not_dangerous, dangerous = DENIED[locale]
    found = [
        {one.code for one in check(source, target, "nl", locale)} for target in (harmless, not_dangerous, dangerous)
    ]
    assert found == [set(), set(), {"negation"}]


SAFETY = [
    ("Neem het niet, tenzij de arts dat zegt.", "Do not take it if the doctor says so.", "nl", "en"),
    ("Vergeet uw pas niet.", "Forget your card.", "nl", "en"),
    ("Zeg uw afspraak niet af.", "Annulez votre rendez-vous.", "nl", "fr"),
    ("Dek de wond niet af.", "Decken Sie die Wunde ab.", "nl", "de"),
    ("Neem geen ibuprofen.", "Take ibuprofen.", "nl", "en"),
    ("Sla de medicijnen nooit over.", "Sautez toujours la prise de vos médicaments.", "nl", "fr"),
    ("Rook niet en drink geen alcohol.", "Avoid smoking and drink alcohol.", "nl", "en"),
    ("Geef geen honing voordat hij 1 jaar is.", "Bir yaşına gelmeden bal verin.", "nl", "tr"),
    ("U kunt de zalf zonder recept kopen.", "لا يمكنك شراء المرهم إلا بوصفة طبية.", "nl", "ar"),
    ("Er is geen reden om niet te bewegen.", "There is no reason to move.", "nl", "en"),
    ("Bijna niemand krijgt bijwerkingen.", "Almost everyone gets side effects.", "nl", "en"),
    ("Deze oefening is geschikt voor zwangeren.", "هذا التمرين غير مناسب للحوامل.", "nl", "ar"),
]
ANOTHER_WAY = [
    ("Til nooit met een kromme rug.", "Gardez toujours le dos droit en soulevant.", "nl", "fr"),
    ("Blijf bewegen, ook als dat niet pijnvrij gaat.", "Pozostań w ruchu, nawet jeśli trochę boli.", "nl", "pl"),
    ("Doe het pas weer als de pijn over is.", "Ağrınız geçmeden bunu yapmayın.", "nl", "tr"),
    ("Ga naar buiten, ook als u geen zin heeft.", "Canınız istemese bile dışarı çıkın.", "nl", "tr"),
    ("De pil werkt minder goed als u braakt.", "The pill does not work as well if you vomit.", "nl", "en"),
    ("Er is geen reden om niet te bewegen.", "There is every reason to keep moving.", "nl", "en"),
    ("Er is geen reden om niet te bewegen.", "Es gibt keinen Grund, sich nicht zu bewegen.", "nl", "de"),
    ("Rook niet en drink geen alcohol.", "تجنّبي التدخين والكحول.", "nl", "ar"),
    ("Het werkt niet meteen, maar pas na 2 weken.", "Es wirkt erst nach 14 Tagen.", "nl", "de"),
    ("Geef geen honing voordat hij 1 jaar is.", "Bir yaşına gelmeden bal vermeyin.", "nl", "tr"),
    ("Wandel elke dag een halfuur.", "Marchez une demi-heure par jour d'un bon pas.", "nl", "fr"),
    ("Bijna niemand krijgt bijwerkingen.", "Side effects are very rare.", "nl", "en"),
    ("Bel 112 niet als het niet dringend is.", "N'appelez le 112 qu'en cas d'urgence.", "nl", "fr"),
    ("U krijgt geen rekening.", "Das ist für Sie kostenfrei.", "nl", "de"),
    ("Laat de pleister zitten en haal hem later weg.", "Proszę nie zdejmować plastra, a potem go usunąć.", "nl", "pl"),
    ("Ruim 90% is klachtenvrij.", "Plus de 90 % n'ont plus aucun symptôme.", "nl", "fr"),
]


@pytest.mark.parametrize(("source", "target", "here", "there"), SAFETY)
def test_a_denial_that_became_its_opposite_is_found(source: str, target: str, here: str, there: str) -> None:
    assert "negation" in {found.code for found in check(source, target, here, there)}


@pytest.mark.parametrize(("source", "target", "here", "there"), ANOTHER_WAY)
def test_a_denial_said_by_other_means_is_none_lost(source: str, target: str, here: str, there: str) -> None:
    assert check(source, target, here, there) == []


@pytest.mark.parametrize(
    ("source", "target", "here", "there", "codes"),
    [
        ("Tot half een open.", "Bis 12:30 Uhr geöffnet.", "nl", "de", set()),
        ("Kom om tien over half drie.", "Venez à 14 h 40.", "nl", "fr", set()),
        ("Dicht op 24 december.", "Am 24.12. geschlossen.", "nl", "de", set()),
        ("Dicht op tweede kerstdag.", "Closed on Boxing Day.", "nl", "en", set()),
        ("Dicht op tweede kerstdag.", "Closed on Christmas Day.", "nl", "en", {"number"}),
        ("Eet 2 ons groente.", "Eat 200 g of vegetables.", "nl", "en", set()),
        ("Onder de 150 mmHg.", "En dessous de 150 cmHg.", "nl", "fr", {"unit"}),
        ("Drink voldoende water.", "اشرب كمية كافية من الماء.", "nl", "ar", set()),
        ("In 2024 € 385.", "€385 in 2024.", "nl", "en", set()),
        ("Duurt 1 tot 3 dagen.", "Dure de un à trois jours.", "nl", "fr", set()),
        ("Houd dertig tellen vast.", "Tenez 30 secondes.", "nl", "fr", set()),
        ("Wacht zes uur.", "Altı dakika bekleyin.", "nl", "tr", {"unit"}),
        ("Op Lindelaan 14.", "At 14 Lindelaan.", "nl", "en", set()),
        ("Op Lindelaan 14.", "In der Kastanjelaan 14.", "nl", "de", {"contact"}),
        ("Op Lindelaan 14a.", "At Lindelaan 14b.", "nl", "en", {"contact"}),
        ("Op Lindelaan 14.", "At Lindelaan 41.", "nl", "en", {"contact", "number"}),
        ("- Lig.\n- Rust.", "• Lie down.\n• Rest.", "nl", "en", set()),
        ("- Lig.\n- Rust.", "Lie down. Rest.", "nl", "en", {"markup"}),
        ("Unter 0170 5550123.", "Op +49 170 5550123.", "de", "nl", set()),
        ("Unter 0170 5550123.", "Op +31 170 5550123.", "de", "nl", {"contact"}),
        ("Bel 010 123 45 67.", "Rufen Sie +49 10 1234567 an.", "nl", "de", {"contact"}),
    ],
)
def test_figures_streets_and_lists_are_read_as_their_language_means(
    source: str, target: str, here: str, there: str, codes: set[str]
) -> None:
    assert {found.code for found in check(source, target, here, there)} == codes
