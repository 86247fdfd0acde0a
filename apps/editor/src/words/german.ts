/** Deutsch. Wer liest, wird mit „du“ angesprochen; kurze Sätze, keine Fachwörter, keine Ausrufezeichen. */
import type { Translation } from './catalogue.ts'
import type { english } from './english.ts'

export const german: Translation<typeof english> = {
  'app.untitled': 'Ohne Titel',
  'app.pageTitle': '{title} · Quire',
  'app.brokenHeading': 'Dieser Link ist unvollständig',
  'app.broken':
    'Sein letzter Teil, der Schlüssel zum Dokument, fehlt oder ist beschädigt. Kopiere den ganzen Link noch einmal, oder frage, wer ihn dir geschickt hat. Ein Dokument, das du aus einer anderen Anwendung geöffnet hast, öffnet sich von dort.',
  'app.nowhereHeading': 'Hier ist nichts',
  'app.nowhere': 'Unter dieser Adresse liegt nichts. Vielleicht ist sie falsch geschrieben.',
  'app.start': 'Zur Startseite',

  'home.lead': 'Schreibt zusammen. Teile einen Link, und alle, die ihn haben, sind auf derselben Seite.',
  'home.new': 'Neues Dokument',
  'home.recent': 'Auf diesem Gerät',
  'home.nothing':
    'Noch nichts. Hier stehen die Dokumente, die du anlegst oder öffnest, damit du sie wiederfindest.',
  'home.unsaved': {
    one: '{count} Änderung noch nicht gespeichert',
    other: '{count} Änderungen noch nicht gespeichert',
  },
  'home.viewOnly': 'nur lesen',
  'home.forget': 'Vergessen',
  'home.forgetNamed': '{name} vergessen',
  'home.forgotten': 'Auf diesem Gerät vergessen',
  'home.undo': 'Rückgängig',

  'when.now': 'gerade eben',
  'when.ended': 'abgelaufen',
  'when.ends': 'endet am {date}',

  'embed.incomplete': 'Hier steht kein ganzer Link, also lässt sich nichts öffnen.',
  'embed.required': 'Schreibe hier etwas.',

  'document.start': 'Startseite',
  'document.startLabel': 'Quire, Startseite',
  'document.text': 'Text',
  'document.opening': 'Wird geöffnet\u00a0…',
  'document.waiting':
    'Der Server ist nicht zu erreichen, deshalb ist der Text noch nicht hier. Er öffnet sich von selbst, sobald du verbunden bist.',
  'document.nothingToRead': 'Hier steht noch nichts.',
  'document.nothingYet': 'Schreib los\u00a0…',
  'document.reload': 'Neu laden',
  'document.showText': 'Meinen Text zeigen',
  'document.unreadable':
    'Dieses Gerät gibt gerade nicht heraus, was es aufbewahrt. Dein Text ist noch hier: Versuche es noch einmal.',

  'title.label': 'Titel',

  'people.unnamed': 'Gast',
  'people.alone': 'Nur du bist hier',
  'people.here': { one: '{count} Person ist hier', other: '{count} Personen sind hier' },
  'people.more': '+{number}',
  'people.yourName': 'Dein Name',
  'people.you': 'du',
  'people.reading': 'liest',
  'people.readingWhy':
    'Hat noch nicht in den Text geklickt, deshalb gibt es keine Stelle, zu der du gehen kannst',
  'people.goTo': 'Zur Stelle gehen',
  'people.follow': 'Folgen',
  'people.followNamed': '{name} folgen',
  'people.stop': 'Beenden',

  'following.shown': 'Du folgst {name}',
  'following.spoken': 'Du folgst {name}. Escape beendet es.',
  'following.stop': 'Beenden',
  'following.stopNamed': '{name} nicht mehr folgen',

  'arrivals.came': { one: '{names} ist hier.', other: '{names} sind hier.' },
  'arrivals.left': { one: '{names} ist gegangen.', other: '{names} sind gegangen.' },
  'arrivals.others': { one: '{count} weitere Person', other: '{count} weitere Personen' },

  'share.open': 'Teilen',
  'share.heading': '„{title}“ teilen',
  'share.ownersPage':
    'Wer einen Link hat, kann das Dokument öffnen, bis du den Link zurückziehst. Die Adresse dieser Seite gehört dir allein, gib deshalb einen von diesen weiter.',
  'share.othersPage': 'Wer diesen Link hat, kann das Dokument öffnen.',
  'share.own': 'Gehört dir',
  'share.edit': 'Darf schreiben',
  'share.view': 'Darf lesen',
  'share.labelled': '{role}, „{label}“',
  'share.label': '„{label}“',
  'share.unseen': 'ungesehen',
  'share.made': 'erstellt: {when}',
  'share.came': {
    one: '{uses}\u00a0von\u00a0{count}\u00a0Person gekommen',
    other: '{uses}\u00a0von\u00a0{count}\u00a0Personen gekommen',
  },
  'share.fetching': 'Die Links werden geholt\u00a0…',
  'share.tryAgain': 'Noch einmal versuchen',
  'share.link': 'Link',
  'share.copy': 'Link kopieren',
  'share.copyNamed': 'Link kopieren: {link}',
  'share.copied': 'Link kopiert',
  'share.notCopied': 'Dein Browser erlaubt das Kopieren nicht. Kopiere den Link von Hand.',
  'share.change': 'Ändern',
  'share.changeNamed': 'Ändern: {link}',
  'share.new': 'Neuer Link\u00a0…',
  'share.more': 'Mehr\u00a0…',
  'share.done': 'Fertig',
  'share.back': 'Zurück',
  'share.make': 'Link erstellen',
  'share.cancel': 'Abbrechen',
  'share.save': 'Speichern',
  'share.renew': 'Neue Adresse\u00a0…',
  'share.takeBack': 'Zurückziehen\u00a0…',
  'share.renewQuestion':
    '{link}: Der Link bekommt eine andere Adresse. Mit der jetzigen kommt niemand mehr herein, und wer durch ihn gekommen ist, muss gehen, bis du die neue weitergibst.',
  'share.renewYes': 'Ersetzen',
  'share.takeBackQuestion':
    '{link}: Der Link öffnet dann nichts mehr, und wer durch ihn gekommen ist, muss sofort gehen. Das lässt sich nicht rückgängig machen.',
  'share.takeBackYes': 'Zurückziehen',
  'share.keepLink': 'Behalten',
  'share.renewAllWhy': 'Ist dein eigener Link in fremde Hände geraten? Gib allen Links eine andere Adresse.',
  'share.renewAll': 'Alle Links ersetzen\u00a0…',
  'share.renewAllQuestion':
    'Jeder Link bekommt eine andere Adresse, auch deiner, und wer hier ist, muss gehen, bis du eine neue weitergibst. Das lässt sich nicht rückgängig machen.',
  'share.renewAllYes': 'Alle Links ersetzen',
  'share.keepLinks': 'Behalten',
  'share.deleteWhy': 'Lösche das Dokument, für alle und für immer.',
  'share.delete': 'Löschen\u00a0…',
  'share.deleteQuestion':
    'Das Dokument wird für alle gelöscht, und wer hier ist, muss gehen. Das lässt sich nicht rückgängig machen.',
  'share.deleteYes': 'Löschen',
  'share.keepDocument': 'Behalten',
  'share.linkMade': 'Link erstellt',
  'share.linkChanged': 'Link geändert',
  'share.linkRenewed': 'Der Link hat jetzt eine andere Adresse',
  'share.linkTakenBack': 'Link zurückgezogen',
  'share.waitUntilSaved': 'Warte, bis dein Text gespeichert ist, und versuche es dann noch einmal.',
  'share.busy': 'Die letzte Änderung ist noch unterwegs.',

  'linkForm.label': 'Wofür er ist',
  'linkForm.labelHint': 'Das siehst nur du',
  'linkForm.role': 'Wer ihn hat',
  'linkForm.edit': 'darf schreiben',
  'linkForm.view': 'darf lesen',
  'linkForm.viewUnseen': 'darf lesen, ungesehen',
  'linkForm.people': 'Er lässt herein',
  'linkForm.everyone': 'alle',
  'linkForm.crowd': { one: 'eine Person', other: '{count} Personen' },
  'linkForm.life': 'Er öffnet das Dokument',
  'linkForm.asBefore': 'wie bisher: {end}',
  'linkForm.forGood': 'für immer',
  'linkForm.day': 'einen Tag lang',
  'linkForm.week': 'eine Woche lang',
  'linkForm.month': 'einen Monat lang',

  'rescue.heading': 'Dein ungespeicherter Text',
  'rescue.close': 'Schließen',
  'rescue.nothingMissing': 'Von dir fehlt nichts.',
  'rescue.reason':
    '{reason} Was hier markiert ist, ist nicht gespeichert: Kopiere es oder lade es herunter, um es zu behalten.',
  'rescue.reasonAndWayBack':
    '{reason} Was hier markiert ist, ist nicht gespeichert: Füge es wieder ein, kopiere es oder lade es herunter.',
  'rescue.changes': 'Was nicht gespeichert ist',
  'rescue.title': 'Titel',
  'rescue.folded': { one: '… {count} Zeile unverändert', other: '… {count} Zeilen unverändert' },
  'rescue.added': 'hinzugefügt:',
  'rescue.removed': 'entfernt:',
  'rescue.reapply': 'Wieder einfügen',
  'rescue.copyOwn': 'Kopieren, was ich schrieb',
  'rescue.copiedOwn': 'Was du geschrieben hast, ist kopiert',
  'rescue.copyWhole': 'Ganzen Text kopieren',
  'rescue.copiedWhole': 'Der ganze Text ist kopiert',
  'rescue.notCopied': 'Dein Browser erlaubt das Kopieren nicht. Lade den Text stattdessen herunter.',
  'rescue.download': 'Herunterladen',
  'rescue.discard': 'Verwerfen\u00a0…',
  'rescue.discardQuestion':
    'Was hier markiert ist, wird weggeworfen. Das lässt sich nicht rückgängig machen.',
  'rescue.discardYes': 'Meine Änderungen verwerfen',
  'rescue.keep': 'Behalten',

  'saveState.opening': 'Wird geöffnet\u00a0…',
  'saveState.nowConnecting': 'Wird verbunden\u00a0…',
  'saveState.saving': 'Wird gespeichert\u00a0…',
  'saveState.saved': 'Gespeichert',
  'saveState.viewOnly': 'Nur lesen',
  'saveState.offline': 'Offline',
  'saveState.offlineKept': {
    one: 'Offline: {count} Änderung auf diesem Gerät',
    other: 'Offline: {count} Änderungen auf diesem Gerät',
  },
  'saveState.offlineKeptSpoken': 'Offline: Deine Änderungen sind auf diesem Gerät',
  'saveState.offlineFull': {
    one: 'Offline, und dieses Gerät ist voll: {count} Änderung ist nur auf dieser Seite. Lass sie offen.',
    other:
      'Offline, und dieses Gerät ist voll: {count} Änderungen sind nur auf dieser Seite. Lass sie offen.',
  },
  'saveState.offlineFullSpoken':
    'Offline, und dieses Gerät ist voll: Deine letzten Änderungen sind nur auf dieser Seite. Lass sie offen.',
  'saveState.offlineUnkept': {
    one: 'Offline: {count} Änderung ist nur auf dieser Seite. Lass sie offen.',
    other: 'Offline: {count} Änderungen sind nur auf dieser Seite. Lass sie offen.',
  },
  'saveState.offlineUnkeptSpoken': 'Offline: Deine Änderungen sind nur auf dieser Seite. Lass sie offen.',
  'saveState.connecting': 'Wird verbunden',
  'saveState.connectingKept': {
    one: 'Wird verbunden: {count} Änderung auf diesem Gerät',
    other: 'Wird verbunden: {count} Änderungen auf diesem Gerät',
  },
  'saveState.connectingKeptSpoken': 'Wird verbunden: Deine Änderungen sind auf diesem Gerät',
  'saveState.connectingFull': {
    one: 'Wird verbunden, und dieses Gerät ist voll: {count} Änderung ist nur auf dieser Seite. Lass sie offen.',
    other:
      'Wird verbunden, und dieses Gerät ist voll: {count} Änderungen sind nur auf dieser Seite. Lass sie offen.',
  },
  'saveState.connectingFullSpoken':
    'Wird verbunden, und dieses Gerät ist voll: Deine letzten Änderungen sind nur auf dieser Seite. Lass sie offen.',
  'saveState.connectingUnkept': {
    one: 'Wird verbunden: {count} Änderung ist nur auf dieser Seite. Lass sie offen.',
    other: 'Wird verbunden: {count} Änderungen sind nur auf dieser Seite. Lass sie offen.',
  },
  'saveState.connectingUnkeptSpoken':
    'Wird verbunden: Deine Änderungen sind nur auf dieser Seite. Lass sie offen.',
  'saveState.storageFailed':
    'Nicht gespeichert: Der Server kann nicht auf seine Platte schreiben. Lass diese Seite offen.',
  'saveState.storageFailedKept':
    'Noch nicht gespeichert: Der Server kann nicht auf seine Platte schreiben. Deine Änderungen sind auf diesem Gerät.',
  'saveState.storageFailedSaved':
    'Bis hierher gespeichert, aber der Server kann nicht mehr auf seine Platte schreiben.',
  'saveState.fullSaved': 'Bis hierher gespeichert, aber dieses Dokument ist voll.',

  'notSaved.document-full': 'Nicht gespeichert: Dieses Dokument ist voll.',
  'notSaved.gone': 'Nicht gespeichert: Dein Link öffnet dieses Dokument nicht mehr.',
  'notSaved.not-allowed': 'Nicht gespeichert: Mit deinem Link darfst du nicht mehr schreiben.',
  'notSaved.access-ended':
    'Nicht gespeichert: Dein Zugang ist abgelaufen. Öffne das Dokument noch einmal aus der Anwendung, aus der du gekommen bist.',
  'notSaved.access-refused': 'Nicht gespeichert: Du hast keinen Zugang mehr zu diesem Dokument.',
  'notSaved.unacceptable-update':
    'Nicht gespeichert: Der Server konnte deine letzten Änderungen nicht annehmen.',
  'notSaved.too-large': 'Nicht gespeichert: Deine letzten Änderungen sind mehr, als der Server annimmt.',
  'notSaved.version': 'Nicht gespeichert: Diese Seite ist veraltet.',

  'reason.document-full': 'Dieses Dokument ist voll.',
  'reason.gone': 'Dein Link öffnet dieses Dokument nicht mehr.',
  'reason.not-allowed': 'Mit deinem Link darfst du nicht mehr schreiben.',
  'reason.access-ended':
    'Dein Zugang ist abgelaufen. Öffne das Dokument noch einmal aus der Anwendung, aus der du gekommen bist.',
  'reason.access-refused': 'Du hast keinen Zugang mehr zu diesem Dokument.',
  'reason.unacceptable-update': 'Der Server konnte deine letzten Änderungen nicht annehmen.',
  'reason.too-large': 'Deine letzten Änderungen sind mehr, als der Server annimmt.',
  'reason.version': 'Diese Seite ist veraltet.',

  'stopped.gone': 'Dein Link öffnet dieses Dokument nicht mehr.',
  'stopped.not-allowed': 'Dein Link erlaubt das nicht mehr.',
  'stopped.access-ended':
    'Dein Zugang ist abgelaufen. Öffne das Dokument noch einmal aus der Anwendung, aus der du gekommen bist.',
  'stopped.access-refused': 'Du hast keinen Zugang mehr zu diesem Dokument.',
  'stopped.unacceptable-update':
    'Angehalten: Der Server konnte nicht annehmen, was diese Seite geschickt hat.',
  'stopped.too-large': 'Angehalten: Das ist mehr, als der Server annimmt.',
  'stopped.version': 'Diese Seite ist veraltet.',

  'endingHeading.gone': 'Dieser Link öffnet nichts',
  'endingHeading.not-allowed': 'Dieser Link lässt dich nicht herein',
  'endingHeading.access-ended': 'Dein Zugang ist abgelaufen',
  'endingHeading.access-refused': 'Du hast keinen Zugang zu diesem Dokument',
  'endingHeading.unacceptable-update': 'Dieses Dokument öffnet sich nicht',
  'endingHeading.too-large': 'Dieses Dokument öffnet sich nicht',
  'endingHeading.version': 'Diese Seite ist veraltet',
  'ending.gone':
    'Vielleicht ist er falsch geschrieben, oder er wurde zurückgezogen. Bitte um einen neuen, wo du ihn herhast.',
  'ending.not-allowed': 'Er darf dieses Dokument nicht mehr öffnen. Bitte um einen neuen, wo du ihn herhast.',
  'ending.access-ended':
    'Er galt nur für eine Weile. Öffne das Dokument noch einmal aus der Anwendung, aus der du gekommen bist.',
  'ending.access-refused':
    'Die Anwendung, aus der du gekommen bist, hat dich nicht hereingelassen, oder sie tut es nicht mehr. Öffne das Dokument noch einmal von dort, oder frage, wer sie betreibt.',
  'ending.unacceptable-update':
    'Der Server konnte nicht annehmen, was diese Seite geschickt hat. Im Dokument hat sich nichts geändert.',
  'ending.too-large':
    'Der Server konnte nicht annehmen, was diese Seite geschickt hat. Im Dokument hat sich nichts geändert.',
  'ending.version':
    'Der Server ist weiter als diese Seite, seit sie geladen wurde. Lade sie neu, dann öffnet sich das Dokument.',

  'server.unreachable':
    'Der Server ist nicht zu erreichen. Prüfe deine Verbindung und versuche es dann noch einmal.',
  'server.unintelligible':
    'Der Server hat so geantwortet, dass diese Seite es nicht versteht. Lade die Seite neu und versuche es dann noch einmal.',
  'server.unreadableLink': 'Der Server hat einen Link erstellt, den diese Seite nicht lesen kann.',

  'problem.bad-request': 'Der Server versteht nicht, was diese Seite von ihm will.',
  'problem.not-authenticated': 'Dein Link genügt dafür nicht, oder er gilt nicht mehr.',
  'problem.not-allowed': 'Dein Link erlaubt das nicht.',
  'problem.not-found': 'Das gibt es nicht mehr.',
  'problem.document-unknown': 'Dieses Dokument gibt es nicht, oder dein Link dazu gilt nicht mehr.',
  'problem.too-many': 'Davon gibt es schon zu viele. Nimm erst eins weg.',
  'problem.too-large': 'Das ist mehr, als der Server annimmt.',
  'problem.too-many-requests': 'Das waren zu viele Anfragen auf einmal. Versuche es gleich noch einmal.',
  'problem.server-failed': 'Auf dem Server ist etwas schiefgegangen. Versuche es noch einmal.',
  'problem.unavailable': 'Der Server kann das gerade nicht. Versuche es gleich noch einmal.',

  'fold.folded': 'Eingeklappt: Zeilen',
  'fold.unfolded': 'Ausgeklappt: Zeilen',
  'fold.to': 'bis',
  'fold.placeholder': 'eingeklappter Text',
  'fold.unfold': 'ausklappen',
  'fold.foldLine': 'Zeile einklappen',
  'fold.unfoldLine': 'Zeile ausklappen',

  'editor.completions': 'Vorschläge',
  'editor.object': 'Etwas aus einer anderen Anwendung',
  'editor.controlCharacter': 'Steuerzeichen',
  'editor.selectionDeleted': 'Auswahl gelöscht',

  'search.find': 'Suchen',
  'search.next': 'Weiter',
  'search.previous': 'Zurück',
  'search.all': 'Alle',
  'search.matchCase': 'Groß und klein unterscheiden',
  'search.pattern': 'Muster',
  'search.wholeWords': 'Ganze Wörter',
  'search.replaceField': 'Ersetzen',
  'search.replace': 'Ersetzen',
  'search.replaceAll': 'Alle ersetzen',
  'search.close': 'Schließen',
  'search.currentMatch': 'aktueller Treffer',
  'search.onLine': 'in Zeile',
  'search.replacedOnLine': 'Treffer in Zeile $ ersetzt',
  'search.replaced': '$ Treffer ersetzt',
  'search.goToLine': 'Gehe zu Zeile',
  'search.go': 'los',

  'guest.names':
    'Amsel Bachstelze Bergfink Blaumeise Buchfink Dohle Drossel Eisvogel Elster Eule Falke Fitis Gimpel Goldammer Grünfink Habicht Haubentaucher Kiebitz Kleiber Kranich Lerche Mauersegler Milan Möwe Nachtigall Pirol Regenpfeifer Reiher Rohrdommel Rotkehlchen Schwalbe Seeadler Sperling Star Stieglitz Storch Uhu Wiedehopf Zaunkönig Zeisig',
}
