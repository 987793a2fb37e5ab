"""A fact that changed in the source is offered, changed, in every translation, and never where it is not certain."""

# ruff: noqa: E501
import pytest

from cms.localize.checks import check
from cms.localize.fact_changes import transfer

# locale, old source, new source, the translation of the old, the translation of the new (None: not certain)
CHANGES = [
    # digits
    ("en", "Neem 2 tabletten.", "Neem 3 tabletten.", "Take 2 tablets.", "Take 3 tablets."),
    ("de", "Neem 2 tabletten.", "Neem 3 tabletten.", "Nehmen Sie 2 Tabletten.", "Nehmen Sie 3 Tabletten."),
    ("fr", "Neem 2 tabletten.", "Neem 3 tabletten.", "Prenez 2 comprimés.", "Prenez 3 comprimés."),
    ("tr", "Neem 2 tabletten.", "Neem 3 tabletten.", "2 tablet alın.", "3 tablet alın."),
    ("pl", "Neem 2 tabletten.", "Neem 3 tabletten.", "Weź 2 tabletki.", "Weź 3 tabletki."),
    ("ar", "Neem 4 tabletten.", "Neem 3 tabletten.", "خذ ٤ أقراص.", "خذ ٣ أقراص."),
    ("ar", "Neem 4 tabletten.", "Neem 3 tabletten.", "خذ 4 أقراص.", "خذ 3 أقراص."),
    # decimals and thousands
    ("en", "Drink 1,5 liter water.", "Drink 2,5 liter water.", "Drink 1.5 litres of water.", "Drink 2.5 litres of water."),
    ("de", "Drink 1,5 liter water.", "Drink 2,5 liter water.", "Trinken Sie 1,5 Liter Wasser.", "Trinken Sie 2,5 Liter Wasser."),
    ("tr", "Drink 1,5 liter water.", "Drink 2,5 liter water.", "1,5 litre su için.", "2,5 litre su için."),
    ("ar", "Drink 1,5 liter water.", "Drink 2,5 liter water.", "اشرب ١٫٥ لتر من الماء.", "اشرب ٢٫٥ لتر من الماء."),
    ("en", "Zet 4.000 stappen.", "Zet 6.000 stappen.", "Take 4,000 steps.", "Take 6,000 steps."),
    ("fr", "Zet 4.000 stappen.", "Zet 6.000 stappen.", "Faites 4 000 pas.", "Faites 6 000 pas."),
    ("de", "Zet 4.000 stappen.", "Zet 12.000 stappen.", "Gehen Sie 4.000 Schritte.", "Gehen Sie 12.000 Schritte."),
    # words
    ("en", "Neem twee tabletten.", "Neem drie tabletten.", "Take two tablets.", "Take three tablets."),
    ("de", "Neem twee tabletten.", "Neem drie tabletten.", "Nehmen Sie zwei Tabletten.", "Nehmen Sie drei Tabletten."),
    ("fr", "Neem twee tabletten.", "Neem drie tabletten.", "Prenez deux comprimés.", "Prenez trois comprimés."),
    ("tr", "Neem twee tabletten.", "Neem drie tabletten.", "İki tablet alın.", "Üç tablet alın."),
    ("pl", "Oefen vijf keer.", "Oefen zes keer.", "Ćwicz pięć razy.", "Ćwicz sześć razy."),
    ("ar", "Oefen vijf keer.", "Oefen zes keer.", "تمرن خمس مرات.", "تمرن ست مرات."),
    ("ar", "Rust vijf dagen.", "Rust zeven dagen.", "استرح خمسة أيام.", "استرح سبعة أيام."),
    ("en", "Wacht 12 weken.", "Wacht 137 weken.", "Wait twelve weeks.", "Wait 137 weeks."),
    # units
    ("en", "Rust 3 dagen.", "Rust 4 dagen.", "Rest for 3 days.", "Rest for 4 days."),
    ("en", "Rust 3 dagen.", "Rust 3 weken.", "Rest for 3 days.", "Rest for 3 weeks."),
    ("en", "Rust 1 dag.", "Rust 2 dagen.", "Rest for 1 day.", "Rest for 2 days."),
    ("en", "Neem 500 mg.", "Neem 250 mg.", "Take 500 mg.", "Take 250 mg."),
    ("de", "Neem 500 mg.", "Neem 500 ml.", "Nehmen Sie 500 mg.", "Nehmen Sie 500 ml."),
    ("de", "Rust 3 dagen.", "Rust 4 weken.", "Ruhen Sie 3 Tage.", "Ruhen Sie 4 Wochen."),
    ("de", "Na 3 dagen.", "Na 3 maanden.", "Nach 3 Tagen.", "Nach 3 Monaten."),
    ("de", "Na 3 weken.", "Na 3 dagen.", "Nach 3 Wochen.", None),
    ("fr", "Rust 3 dagen.", "Rust 4 weken.", "Reposez-vous 3 jours.", "Reposez-vous 4 semaines."),
    ("tr", "Rust 3 dagen.", "Rust 4 weken.", "3 gün dinlenin.", "4 hafta dinlenin."),
    ("pl", "Rust 3 weken.", "Rust 5 weken.", "Odpoczywaj 3 tygodnie.", "Odpoczywaj 5 tygodni."),
    ("pl", "Rust 3 weken.", "Rust 4 maanden.", "Odpoczywaj 3 tygodnie.", "Odpoczywaj 4 miesiące."),
    ("ar", "Rust 3 dagen.", "Rust 4 weken.", "استرح ٣ أيام.", "استرح ٤ أسابيع."),
    ("ar", "Rust 3 dagen.", "Rust 12 dagen.", "استرح 3 أيام.", "استرح 12 يوما."),
    ("en", "Twee keer per dag.", "Twee keer per week.", "Two times per day.", "Two times per week."),
    ("tr", "Twee keer per dag.", "Twee keer per week.", "Günde iki kez.", "Haftada iki kez."),
    ("pl", "Oefen drie keer per dag.", "Oefen vier keer per dag.", "Ćwicz trzy razy dziennie.", "Ćwicz cztery razy dziennie."),
    ("de", "Eén keer per dag.", "Eén keer per week.", "Einmal am Tag.", None),
    ("en", "Neem tweemaal per dag.", "Neem driemaal per dag.", "Take twice a day.", "Take three times a day."),
    ("de", "Neem tweemaal per dag.", "Neem driemaal per dag.", "Zweimal pro Tag nehmen.", "Dreimal pro Tag nehmen."),
    ("ar", "Neem tweemaal per dag.", "Neem driemaal per dag.", "مرتين في اليوم.", None),
    ("ar", "Rust twee dagen.", "Rust drie dagen.", "استرح يومين.", None),
    ("pl", "Neem 1,5 liter.", "Neem 2 liter.", "Weź 1,5 litra.", None),
    ("en", "De 2e week.", "De 3e week.", "The 2nd week.", None),
    ("fr", "Wacht anderhalf uur.", "Wacht twee uur.", "Attendez une heure et demie.", None),
    ("en", "Neem **2** tabletten.", "Neem **3** tabletten.", "Take **two** tablets.", "Take **three** tablets."),
    # money, percentages, moments
    ("en", "Het kost € 15.", "Het kost € 17,50.", "It costs €15.", "It costs €17.50."),
    ("de", "Bij 5% van de mensen.", "Bij 15% van de mensen.", "Bei 5 % der Menschen.", "Bei 15 % der Menschen."),
    ("en", "Open om 17.30 uur.", "Open om 18.00 uur.", "Open at 17:30.", "Open at 18:00."),
    ("en", "Open om 17.30 uur.", "Open om 10.15 uur.", "Open at 5:30 pm.", "Open at 10:15 am."),
    ("de", "Op 12 maart 2026.", "Op 13 april 2026.", "Am 12. März 2026.", "Am 13. April 2026."),
    ("fr", "Op 12 maart 2026.", "Op 13 maart 2026.", "Le 12 mars 2026.", "Le 13 mars 2026."),
    ("en", "Op 12-03-2026.", "Op 13-04-2026.", "On 12/03/2026.", "On 13/04/2026."),
    ("en", "Kom op maandag.", "Kom op dinsdag.", "Come on Monday.", "Come on Tuesday."),
    # addresses, as they stand
    ("tr", "Bel 112.", "Bel 113.", "112'yi arayın.", None),
    ("de", "Bel 112.", "Bel 116117.", "Rufen Sie 112 an.", "Rufen Sie 116117 an."),
    ("ar", "Bel 020 123 4567.", "Bel 020 765 4321.", "اتصل على 020 123 4567.", "اتصل على 020 765 4321."),
    ("en", "Mail a@b.nl.", "Mail info@b.nl.", "Mail a@b.nl.", "Mail info@b.nl."),
    ("pl", "Zie [hier](https://a.nl/b).", "Zie [hier](https://a.nl/c).", "Zobacz [tutaj](https://a.nl/b).", "Zobacz [tutaj](https://a.nl/c)."),
    ("en", "[020 123 4567](tel:+31201234567)", "[020 123 4568](tel:+31201234568)", "[020 123 4567](tel:+31201234567)", "[020 123 4568](tel:+31201234568)"),
    # several at once, in another order
    ("en", "Neem 2 tabletten, 3 weken lang.", "Neem 4 tabletten, 5 weken lang.", "For 3 weeks, take 2 tablets.", "For 5 weeks, take 4 tablets."),
    ("de", "Doe 3 keer 10 herhalingen.", "Doe 4 keer 12 herhalingen.", "3 Mal 10 Wiederholungen.", "4 Mal 12 Wiederholungen."),
    # written another way, said the same
    ("en", "Neem 2 tabletten.", "Neem twee tabletten.", "Take two tablets.", "Take two tablets."),
    # not certain
    ("pl", "Neem 2 tabletten.", "Neem 5 tabletten.", "Weź 2 tabletki.", None),
    ("ar", "Neem 4 tabletten.", "Neem 12 tabletten.", "خذ 4 أقراص.", None),
    ("en", "Neem 2 tabletten.", "Slik 3 tabletten.", "Take 2 tablets.", None),
    ("en", "Neem 1 tablet.", "Neem 2 tabletten.", "Take 1 tablet.", None),
    ("en", "Oefen 3 keer, 3 weken.", "Oefen 3 keer, 4 weken.", "Train 3 times.", None),
    ("en", "2 keer, dan 2 keer.", "2 keer, dan 3 keer.", "2 times, then 2 times.", None),
    ("en", "Bewegen mag niet 2 keer.", "Bewegen mag 2 keer.", "Do not move 2 times.", None),
    ("en", "Neem 2 tabletten.", "Neem 3 tabletten.", "Take some tablets.", None),
    ("tr", "Na 3 dagen.", "Na 6 dagen.", "3'ten sonra.", None),
    ("en", "Neem 500 mg.", "Neem 500 IE.", "Take 500 mg.", None),
    ("uk", "Neem 15 tabletten.", "Neem 16 tabletten.", "Прийміть 15 таблеток.", "Прийміть 16 таблеток."),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "old", "new", "before", "after"), CHANGES)
def test_the_same_change_is_made(locale: str, old: str, new: str, before: str, after: str | None) -> None:
    made = transfer(old, new, before, "nl", locale)
    assert made == after
    assert made is None or not [each for each in check(new, made, "nl", locale) if each.severity == "error"]
