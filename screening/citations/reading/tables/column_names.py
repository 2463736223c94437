"""Column names in the tables of databases, reference managers and screening tools.

The names are in the form that `plain_header` returns: lower case, without spaces, dots,
accents and punctuation. "Publication Year", "publication_year" and "PublicationYear"
are therefore the same. Names are in order of preference: the value of a field is taken
from the first of its columns that is not empty.
"""

from __future__ import annotations

NAMES: dict[str, str] = {
    "title": """
        articletitle studytitle documenttitle itemtitle title primarytitle
        publicationtitle1 titel tittel titre titulo scientifictitle publictitle
        brieftitle officialtitle name papertitle recordtitle originaltitle
        translatedtitle titleprimary trialtitle titleofthetrial fulltitleofthetrial
        fulltitle displayname ti shorttitle
    """,
    "authors": """
        authorfullnames authornames authors author authorsfullname authorss creator
        creators forfatter forfattere autor autoren auteurs autores authorlist
        allauthors firstauthor authorsprimary authorshipsauthordisplayname
        authorshipsrawauthorname authornamess contributors
    """,
    "year": """
        year publicationyear publishedyear yearpublished pubyear yearofpublication ar
        jahr annee ano date publicationdate dateofpublication publisheddate
        datepublished coverdate startdate studystartdate firstposted dateregistration
        createdate yr pubdate publicationdatefree earlyaccessdate registrationdate
        dateofregistration firstsubmitteddate
    """,
    "journal": """
        sourcetitle journal journaltitle journalname journalbook publicationtitle
        publication secondarytitle containertitle publicationname periodical tidsskrift
        zeitschrift revue revista fulljournalname booktitle pubtitle periodicalfull
        primarylocationsourcedisplayname sourcetitleanthologytitle parenttitle
        zeitschriftzeitung publisheditem hostpublication source journalabbreviation
        abbreviatedsourcetitle venue periodicalabbrev
    """,
    "volume": "volume vol journalvolume bibliovolume",
    "issue": "issue number no issuenumber num journalissue biblioissue heft",
    "pages": "pages pagination pagerange page sider seiten",
    "first_page": """
        firstpage pagestart startpage spage beginningpage bibliofirstpage
    """,
    "last_page": """
        lastpage pageend endpage epage endingpage bibliolastpage otherpages
    """,
    "article_number": "artno articlenumber articleno elocationid",
    "doi": "doi digitalobjectidentifier doilink doiurl articledoi",
    "pmid": "pmid pubmedid medlinepmid pubmed medlineid idspmid pubmedpmid",
    "accession": """
        centralid covidence nctnumber eid pui trialid lensid accessionnumber accessionno
        an uniquewosid utuniquewosid ericnumber embaseaccessionid storeid publicationid
        eudractnumber euctnumber isrctn isrctnnumber trialnumber documentidentifier sourceid
        itemid openalexid documentid key covidenceid rayyanid recordid id refid ref
        referenceid
    """,
    "abstract": """
        abstract abstractnote abstracts abstracttext sammendrag zusammenfassung resume
        resumen briefsummary summary description originalabstract abstractsummary
        synopsis
    """,
    "keywords": """
        keywords authorkeywords indexkeywords manualtags automatictags keyword subjects
        subject subjectterms meshterms mesh emtreedrugindextermsmajorfocus
        emtreedrugindexterms emtreemedicalindextermsmajorfocus emtreemedicalindexterms
        conditions emneord schlagworter descriptors identifiers ieeeterms keywordsplus
        identifierkeywords keywordsdisplayname meshheadings
    """,
    "type": """
        documenttype publicationtype itemtype doctype referencetype pubtype typeofwork
        type articletype pubtypes doctypes publicationtypes
    """,
    "url": """
        url link plink studyurl embaselink urls linktoarticle fulltextlink fulltexturl
        permalink articleurl documenturl dimensionsurl externalurl sourceurls pdflink
        webaddress primarylocationlandingpageurl
    """,
    "language": """
        language articlelanguage languageoforiginaldocument languages sprak sprache
        langue
    """,
    "issn": "issn issns eissn printissn isbn standardnumber issnisbn isbnissn",
    "notes": "notes note comments extra researchnotes",
    "citation": "citation",
    "decision": """
        rayyaninclusion decision decisions finaldecision screeningdecision
        titleabstractdecision abstractdecision fulltextdecision included include
        includeexclude inclusion inclusiondecision inclusionstatus asreviewlabel
        labelincluded eligible eligibility consensus beslutning inkludert
    """,
    "decision_reason": """
        rayyanexclusionreasons exclusionreason exclusionreasons excludedreason
        excludereason reasonforexclusion reasonsforexclusion reasonexcluded
        eksklusjonsgrunn
    """,
    "label": "rayyanlabels labels label tags",
}
PLACE = {
    name: (field, rank)
    for field, names in NAMES.items()
    for rank, name in enumerate(names.split())
}
# Web of Science "Tab-delimited" has the two-letter names of its tagged export.
WOS_PLACE = {
    name: (field, rank)
    for field, names in {
        "title": ("ti",),
        "authors": ("af", "au", "ca"),
        "year": ("py", "ea"),
        "journal": ("so", "j9"),
        "volume": ("vl",),
        "issue": ("is",),
        "first_page": ("bp",),
        "last_page": ("ep",),
        "article_number": ("ar",),
        "doi": ("di",),
        "pmid": ("pm",),
        "accession": ("ut",),
        "abstract": ("ab",),
        "keywords": ("de", "id"),
        "type": ("dt",),
        "language": ("la",),
        "issn": ("sn", "ei"),
    }.items()
    for rank, name in enumerate(names)
}
WOS_MARK = frozenset({"pt", "au", "ti", "so", "ut"})
# Ovid's Excel export with short labels.
OVID_MARK = frozenset({"ti", "au", "so", "ui"})
OVID_PLACE = {
    name: (field, rank)
    for field, names in {
        "title": ("ti", "ot"),
        "authors": ("au",),
        "year": ("yr", "dp", "py"),
        "journal": ("jn", "jt", "so"),
        "volume": ("vo", "vi"),
        "issue": ("ip",),
        "pages": ("pg",),
        "doi": ("do",),
        "pmid": ("pm",),
        "accession": ("ui", "an"),
        "abstract": ("ab",),
        "keywords": ("kw", "mh", "id"),
        "type": ("pt",),
        "url": ("ur", "xl"),
        "language": ("lg", "la"),
        "issn": ("is",),
    }.items()
    for rank, name in enumerate(names)
}
# A header must have a title and at least one of these fields.
BESIDE_TITLE = (
    "authors",
    "year",
    "journal",
    "doi",
    "abstract",
    "pmid",
    "accession",
    "url",
)

ABSTRACKR = "Abstrackr"
PLATFORMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("ClinicalTrials.gov", frozenset({"nctnumber"})),
    ("CENTRAL / Cochrane Library", frozenset({"centralid"})),
    ("Covidence", frozenset({"covidence"})),
    ("Embase / embase.com", frozenset({"authornames", "pui"})),
    ("Embase / embase.com", frozenset({"authornames", "embaselink"})),
    ("Scopus", frozenset({"eid", "sourcetitle"})),
    ("PubMed", frozenset({"pmid", "journalbook", "citation"})),
    ("EBSCOhost", frozenset({"articletitle", "plink"})),
    ("EBSCOhost", frozenset({"articletitle", "journaltitle", "accessionnumber"})),
    ("Zotero", frozenset({"itemtype", "manualtags"})),
    ("Zotero", frozenset({"itemtype", "abstractnote"})),
    ("Rayyan", frozenset({"key", "journal", "authors", "notes", "pmcid"})),
    ("Rayyan", frozenset({"key", "year", "authors", "pubmedid", "notes"})),
    ("Rayyan", frozenset({"key", "title", "authors", "location", "notes"})),
    ("Lens.org", frozenset({"lensid"})),
    ("Web of Science", frozenset({"utuniquewosid"})),
    ("Web of Science", WOS_MARK),
    ("WHO ICTRP", frozenset({"trialid", "scientifictitle"})),
    ("Web of Science", frozenset({"articletitle", "keywordsplus"})),
    ("Ovid", OVID_MARK),
    ("Dimensions", frozenset({"publicationid", "dimensionsurl"})),
    ("Dimensions", frozenset({"publicationid", "pubyear"})),
    ("ProQuest", frozenset({"storeid", "pubtitle"})),
    ("IEEE Xplore", frozenset({"documenttitle", "dateaddedtoxplore"})),
    ("IEEE Xplore", frozenset({"documenttitle", "ieeeterms"})),
    ("OpenAlex", frozenset({"authorshipsauthordisplayname"})),
    ("OpenAlex", frozenset({"authorshipsrawauthorname"})),
    ("EU Clinical Trials Register", frozenset({"eudractnumber"})),
    ("EU Clinical Trials Register", frozenset({"euctnumber"})),
    ("EU Clinical Trials Register", frozenset({"trialnumber", "overalltrialstatus"})),
    ("ISRCTN", frozenset({"isrctn"})),
    (ABSTRACKR, frozenset({"internalid", "sourceid", "pubmedid"})),
    ("ASReview", frozenset({"asreviewlabel"})),
    ("ASReview", frozenset({"asreviewranking"})),
    ("EPPI-Reviewer", frozenset({"itemid", "parenttitle"})),
    ("RefWorks", frozenset({"titleprimary", "authorsprimary"})),
    ("Publish or Perish", frozenset({"gsrank", "querydate"})),
    ("Rayyan", frozenset({"rayyaninclusion"})),
    ("EBSCOhost", frozenset({"longdbname", "plink"})),
    ("Google Scholar", frozenset({"authors", "publication", "number", "publisher"})),
)
