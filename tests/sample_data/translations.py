"""Titles in five other languages."""

from __future__ import annotations

from reviewapp.demo.seeded_random import SeededRandom
from reviewapp.demo.work import Work

# For each language: topics, methods, settings, and a template.
LANGUAGES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        ("Erfahrungen mit", "Wirksamkeit von", "Umgang mit", "Einstellungen zu"),
        ("Genesungsbegleitern", "Pflegegruppen", "Hausbesuchen", "Tageskliniken"),
        ("auf dem Land", "in der Grossstadt", "in der Gemeinde", "im Alter"),
        "{0} {1} {2}: eine Untersuchung aus {3}",
    ),
    (
        ("Experiencias de", "Eficacia de", "Actitudes ante", "Uso de"),
        ("los grupos de apoyo", "la visita domiciliaria", "el trabajo entre pares"),
        ("en zonas rurales", "en hospitales", "en la escuela", "en la vejez"),
        "{0} {1} {2}: un estudio en {3}",
    ),
    (
        ("Le vécu de", "L'efficacité de", "Les attitudes envers", "L'usage de"),
        ("la pair-aidance", "la visite à domicile", "l'accueil de jour"),
        ("en milieu rural", "à l'hôpital", "à l'école", "chez les aînés"),
        "{0} {1} {2} : une étude menée à {3}",
    ),
    (
        ("Erfaringer med", "Effekt av", "Holdninger til", "Bruk av"),
        ("likepersonsarbeid", "hjemmebesøk", "dagtilbud", "selvhjelpsgrupper"),
        ("på bygda", "på sykehus", "i skolen", "blant eldre"),
        "{0} {1} {2}: en studie fra {3}",
    ),
    (
        ("Vivências de", "Eficácia de", "Atitudes perante", "Uso de"),
        ("grupos de apoio", "visitas domiciliares", "cuidados diurnos"),
        ("em zonas rurais", "em hospitais", "na escola", "na velhice"),
        "{0} {1} {2}: um estudo em {3}",
    ),
)


def translated(work: Work, chance: SeededRandom) -> str:
    """Return a title in another language; it shares no word with the English one."""
    *words, frame = chance.choice(LANGUAGES)
    place = f"{chance.choice(('Nord', 'Sol', 'Vest', 'Alt'))}{work.number % 977}"
    return frame.format(*(chance.choice(some) for some in words), place)
