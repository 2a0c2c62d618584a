/**
 * What pages say in German: readers are addressed as „Sie“, and gender is left out where the language allows. A title,
 * which is large, has hyphens that no line ends at (U+2011).
 * Long because a translator gets one file.
 */
import type * as en from './en.ts';

const signIn = 'Anmelden';
const forgotPassword = 'Passwort vergessen?';
const setNewPassword = 'Neues Passwort festlegen';
const backToAccount = 'Zurück zu Ihrem Konto';
const signUpClosed = 'Fragen Sie beim Betreiber dieses Dienstes nach einem Konto.';
const emailChanged = 'Ihre neue E-Mail-Adresse ist bestätigt. Melden Sie sich ab jetzt mit ihr an.';
const downloadData = 'Daten herunterladen';
const name = 'Name';
const emailAddress = 'E-Mail-Adresse';
const password = 'Passwort';
const roles = { owner: 'Inhaber', admin: 'Admin', member: 'Mitglied' };
const backToOrganization = 'Zurück zur Organisation';
const backToKeys = 'Zurück zu den API-Schlüsseln';
const apiKeys = 'API‑Schlüssel';
const createKey = 'Schlüssel erstellen';

// All pages, and parts of several.

export const layoutCopy: typeof en.layoutCopy = {
  refusedTitle: (title) => `Fehler: ${title}`,
};

export const elapsedCopy: typeof en.elapsedCopy = { justNow: 'gerade eben' };

export const fieldCopy: typeof en.fieldCopy = { optional: '(optional)' };
export const nameFieldCopy: typeof en.nameFieldCopy = { label: name, takes: 'Höchstens 100 Zeichen' };
export const emailFieldCopy: typeof en.emailFieldCopy = {
  label: emailAddress,
  takes: 'Geben Sie eine E-Mail-Adresse wie name@example.com ein',
};
export const passwordFieldCopy: typeof en.passwordFieldCopy = { label: password, takes: '8 bis 256 Zeichen' };
export const revealCopy: typeof en.revealCopy = { show: 'Passwort anzeigen' };
export const newPasswordFieldCopy: typeof en.newPasswordFieldCopy = {
  label: 'Neues Passwort',
  hint: 'Mindestens 8 Zeichen. Gut sind ein paar zufällige Wörter.',
};
export const codeFieldCopy: typeof en.codeFieldCopy = {
  label: 'Code',
  hint: 'Geben Sie den sechsstelligen Code aus der E-Mail ein.',
  takes: 'Geben Sie alle 6 Ziffern ein',
  title: '6 Ziffern',
};

// What went wrong (refusal.ts).

export const refusalCopy: typeof en.refusalCopy = {
  fieldErrors: {
    required: 'Füllen Sie dieses Feld aus',
    'too-common': 'Dieses Passwort ist zu leicht zu erraten. Wählen Sie ein anderes.',
    breached: 'Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes.',
  },
  problems: {
    'malformed-request': {
      title: 'Wir konnten das Formular nicht lesen',
      advice: 'Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
    },
    'content-too-large': {
      title: 'Das ist zu viel Text',
      advice: 'Gehen Sie zurück und kürzen Sie ihn.',
    },
    'invalid-credentials': {
      title: 'E-Mail-Adresse oder Passwort falsch',
      advice: 'Prüfen Sie beides, oder lassen Sie sich einen Anmeldelink schicken.',
    },
    'verification-invalid': {
      title: 'Dieser Link oder Code ist ungültig',
      advice:
        'Prüfen Sie ihn, oder fordern Sie einen neuen an. Ein Code gilt 10 Minuten lang, nur in dem Browser, in dem er angefordert wurde, und für höchstens fünf Versuche.',
    },
    'verification-used': {
      title: 'Dieser Link oder Code wurde schon verwendet',
      advice: 'Jeder gilt nur einmal. Wenn Sie es nicht waren, fordern Sie einen neuen an.',
    },
    'verification-expired': {
      title: 'Dieser Link oder Code ist abgelaufen',
      advice:
        'Ein Link gilt 15 Minuten lang oder bis Sie einen neueren anfordern. Fordern Sie einen neuen an.',
    },
    'cross-site-request': {
      title: 'Dieses Formular kam von einer anderen Website',
      advice:
        'Zum Schutz Ihres Kontos nehmen wir nur Formulare unserer eigenen Seiten an. Öffnen Sie die Seite, und versuchen Sie es noch einmal.',
    },
    'permission-denied': {
      title: 'Dafür fehlt Ihnen die Berechtigung',
      advice:
        'Ihre Rolle in der Organisation erlaubt das nicht. Wenden Sie sich an jemanden mit Inhaberrechten.',
    },
    'account-disabled': {
      title: 'Dieses Konto ist gesperrt',
      advice:
        'Sie können sich damit zurzeit nicht anmelden. Wenn Sie das für ein Versehen halten, melden Sie sich bei uns.',
    },
    'email-unverified': {
      title: 'Bestätigen Sie zuerst Ihre E-Mail-Adresse',
      advice: 'Öffnen Sie den Link in unserer E-Mail, oder fordern Sie eine neue an.',
    },
    'email-taken': {
      title: 'Zu dieser E-Mail-Adresse gibt es schon ein Konto',
      advice: 'Melden Sie sich damit an, oder verwenden Sie eine andere Adresse.',
    },
    'organization-has-members': {
      title: 'Nur Sie haben Inhaberrechte in einer Organisation, die noch andere Mitglieder hat',
      advice:
        'Geben Sie einem anderen Mitglied Inhaberrechte, oder entfernen Sie die anderen Mitglieder. Löschen Sie dann das Konto.',
    },
    'sign-up-closed': { title: 'Die Registrierung ist geschlossen', advice: signUpClosed },
    'not-found': { title: 'Seite nicht gefunden', advice: 'Prüfen Sie die Adresse.' },
    'password-incorrect': {
      title: 'Falsches Passwort',
      advice: 'Es wurde nichts geändert. Versuchen Sie es mit Ihrem aktuellen Passwort noch einmal.',
    },
    'reauthentication-required': {
      title: 'Melden Sie sich dafür neu an',
      advice:
        'Zum Schutz Ihres Kontos: Melden Sie sich ab und wieder an, und erledigen Sie es innerhalb von 15 Minuten.',
    },
    'invalid-input': {
      title: 'Bitte prüfen Sie Ihre Eingaben',
      advice: 'Unten ist markiert, was nicht stimmt.',
    },
    'quota-exceeded': { title: 'Zu viele Versuche', advice: '' },
    'internal-error': {
      title: 'Bei uns ist etwas schiefgegangen',
      advice:
        'Das liegt an uns. Versuchen Sie es gleich noch einmal, und sagen Sie uns Bescheid, wenn es dabei bleibt.',
    },
    overloaded: { title: 'Bei uns ist gerade sehr viel los', advice: '' },
    'service-unavailable': { title: 'Wir sind gleich wieder da', advice: '' },
  },
  tryAgain: (when) => `Versuchen Sie es ${when} noch einmal.`,
};

// The page for what no form explains (page.ts).

export const errorPageCopy: typeof en.errorPageCopy = {
  again: 'Noch einmal versuchen',
  open: 'Seite öffnen',
  requestId: 'Anfrage-ID',
};

// The bare address (home-page.ts).

export const homePageCopy: typeof en.homePageCopy = {
  title: 'Konten und Anmeldung',
  lead: 'Hier melden Sie sich an und verwalten Ihr Konto. Programme tun dasselbe über eine API.',
  signIn,
  createAccount: 'Konto erstellen',
  developers: 'Für Entwickler',
  links: [
    ['/docs', 'API-Dokumentation', 'Alle Endpunkte mit Beispielen zum Ausprobieren (englisch)'],
    ['/openapi.json', 'OpenAPI-Dokument', 'Dasselbe für Werkzeuge'],
    ['/health', 'Betriebszustand', 'Ob gerade alles funktioniert'],
    ['/.well-known/jwks.json', 'Öffentliche Schlüssel', 'Für Dienste, die unsere Token selbst prüfen'],
  ],
};

// Signing in (sign-in-page.ts).

export const signInPageCopy: typeof en.signInPageCopy = {
  title: signIn,
  or: 'oder ohne Passwort',
  byEmail: 'Anmeldelink senden',
  locked: 'Sie können sich sofort ohne Passwort anmelden.',
  createAccount: 'Konto erstellen',
  forgotPassword,
  newVerification: 'Neue Bestätigungs-E-Mail senden',
  notices: {
    'session-ended': 'Sie wurden abgemeldet. Melden Sie sich wieder an, um fortzufahren.',
    'signed-out': 'Sie sind abgemeldet.',
    'password-reset':
      'Ihr neues Passwort gilt, und alle Geräte sind abgemeldet. Melden Sie sich an, um fortzufahren.',
    'email-changed': emailChanged,
    'account-deleted': 'Ihr Konto wurde gelöscht.',
    'sign-in-to-change-email':
      'Melden Sie sich mit dem Konto an, dessen Adresse Sie ändern möchten. Öffnen Sie dann den Link in der E-Mail noch einmal.',
  },
};

// Creating an account (register-page.ts).

export const registerPageCopy: typeof en.registerPageCopy = {
  title: 'Konto erstellen',
  submit: 'Konto erstellen',
  password,
  signInInstead: 'Stattdessen anmelden',
  withoutPassword: 'Ohne Passwort fortfahren',
  closed: { title: 'Die Registrierung ist geschlossen', lead: signUpClosed, signIn },
};

// Requesting an email (email-request-page.ts).

export const emailRequestPageCopy: typeof en.emailRequestPageCopy = {
  withPassword: 'Mit Passwort anmelden',
  'sign-in': {
    title: 'Per E-Mail anmelden',
    lead: 'Wir schicken Ihnen einen Link und einen Code. Mit beiden können Sie sich ohne Passwort anmelden.',
    button: 'Anmeldelink senden',
  },
  'email-verification': {
    title: 'E‑Mail‑Adresse bestätigen',
    lead: 'Wir schicken Ihnen einen neuen Link und einen neuen Code.',
    button: 'Neuen Link senden',
  },
  'password-reset': {
    title: forgotPassword,
    lead: 'Wir schicken Ihnen einen Link und einen Code, mit denen Sie ein neues festlegen.',
    button: 'Link zum Zurücksetzen senden',
  },
};

// What an email is for, on the button that uses its link or code.

export const purposeButtonCopy: typeof en.purposeButtonCopy = {
  'sign-in': signIn,
  'email-verification': 'Bestätigen und anmelden',
  'password-reset': 'Weiter',
  'email-change': 'Bestätigen',
};

// After an email was requested (code-page.ts).

const emailSent = <Slot>(address: Slot) => ['Wir haben eine E-Mail an ', address, ' geschickt.'];

export const codePageCopy: typeof en.codePageCopy = {
  title: 'Code eingeben',
  titleAfterEmail: 'Sehen Sie in Ihrem Postfach nach',
  sent: {
    'sign-in': (address) => [
      'Wenn sich ',
      address,
      ' hier anmelden kann, haben wir eine E-Mail dorthin geschickt.',
    ],
    'email-verification': emailSent,
    'password-reset': (address) => [
      'Wenn es ein Konto für ',
      address,
      ' gibt, haben wir eine E-Mail dorthin geschickt.',
    ],
    'email-change': emailSent,
  },
  next: 'Öffnen Sie den Link in diesem Browser, oder geben Sie den sechsstelligen Code ein.',
  again: 'Noch einmal senden',
  otherAddress: 'Andere Adresse verwenden',
  noEmail: 'Code per E-Mail anfordern',
  setNewPassword,
  help: 'Bis die E-Mail ankommt, kann es eine Minute dauern. Wenn Sie sie nicht finden, sehen Sie im Spam-Ordner nach. Der Link gilt 15 Minuten, der Code 10.',
};

// Opening its link (link-page.ts).

export const landingPageCopy: typeof en.landingPageCopy = {
  titles: {
    'sign-in': signIn,
    'email-verification': 'E‑Mail‑Adresse bestätigen',
    'password-reset': 'Neues Passwort festlegen',
    'email-change': 'Neue E‑Mail‑Adresse bestätigen',
  },
  lead: 'Klicken Sie auf die Schaltfläche, um fortzufahren. Bisher ist nichts passiert.',
  byCode:
    'Geben Sie den Code aus derselben E-Mail ein, und zwar in dem Browser, in dem Sie sie angefordert haben.',
};

export const confirmPageCopy: typeof en.confirmPageCopy = {
  title: 'Haben Sie das angefordert?',
  lead: 'Dieser Link wurde in einem anderen Browser angefordert.',
  meanings: {
    'sign-in': 'Sie melden sich damit in diesem Browser bei diesem Konto an.',
    'email-verification':
      'Sie bestätigen damit die Adresse und melden sich in diesem Browser bei diesem Konto an.',
    'email-change': 'Diese Adresse wird damit zur Adresse des Kontos, das den Link angefordert hat.',
  },
  buttons: {
    'sign-in': 'Hier anmelden',
    'email-verification': 'Bestätigen und hier anmelden',
    'email-change': 'Bestätigen',
  },
  password: 'Ihr Passwort',
  passwordHint:
    'Wenn Sie dieses Konto erstellt haben, geben Sie Ihr Passwort ein. Ohne das Passwort wird es entfernt, und Sie können ein neues festlegen.',
  cancel: 'Nein, abbrechen',
  warning:
    'Wenn Ihnen jemand diesen Link geschickt hat oder es nicht Ihr Konto ist, brechen Sie ab: Der Link läuft von selbst ab.',
};

export const appLinkCopy: typeof en.appLinkCopy = {
  leads: (app) => ['Dieser Link führt weiter zu ', app, '.'],
  sameDevice:
    'Angemeldet werden Sie nur dort, wo Sie ihn angefordert haben: im selben Browser oder auf demselben Gerät.',
  meanings: {
    'sign-in': 'Sie melden sich damit dort bei diesem Konto an.',
    'email-verification': 'Sie bestätigen damit die Adresse und melden sich dort bei diesem Konto an.',
  },
};

export const factsCopy: typeof en.factsCopy = {
  email: emailAddress,
  device: 'Angefordert mit',
  time: 'Angefordert',
};

export const deadLinkPageCopy: typeof en.deadLinkPageCopy = {
  openAgain: 'Öffnen Sie dann den Link in der E-Mail noch einmal.',
  request: 'Neuen anfordern',
  enterCode: 'Stattdessen Code eingeben',
  signIn,
};

// An invitation, and a link to join by (invitation-page.ts).

export const tokenFieldCopy: typeof en.tokenFieldCopy = {
  label: 'Link aus der E-Mail',
  hint: 'Kopieren Sie den ganzen Link, und fügen Sie ihn hier ein.',
  takes: 'Fügen Sie den ganzen Link ein',
};

export const invitationRefusalCopy: typeof en.invitationRefusalCopy = {
  'already-member': {
    title: 'Sie sind schon in dieser Organisation',
    advice: 'Es ist nichts mehr zu tun: Melden Sie sich an, um darin zu arbeiten.',
  },
  'invitation-for-another-address': {
    title: 'Diese Einladung gilt einer anderen E-Mail-Adresse',
    advice: 'Sie sind mit einer anderen Adresse angemeldet als der, die eingeladen wurde.',
  },
  'invitation-invalid': {
    title: 'Diese Einladung ist nicht gültig',
    advice:
      'Vielleicht wurde sie zurückgenommen oder durch eine neuere E-Mail ersetzt. Nehmen Sie die neueste, oder fragen Sie nach bei der Person, die Sie eingeladen hat.',
  },
  'too-many-organizations': {
    title: 'Mehr Organisationen kann eine Person nicht haben',
    advice:
      'Übergeben oder löschen Sie eine von Ihren, und öffnen Sie dann den Link aus der E-Mail noch einmal.',
  },
  'invitation-used': {
    title: 'Diese Einladung wurde schon benutzt',
    advice:
      'Sie wurde schon angenommen oder abgelehnt, oder es sind so viele darüber beigetreten wie möglich.',
  },
  'invitation-expired': {
    title: 'Diese Einladung ist abgelaufen',
    advice: 'Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
  },
  'email-domain-refused': {
    title: 'Dieser Link ist für andere E-Mail-Adressen',
    advice:
      'Melden Sie sich mit einer Adresse der Domain dieser Organisation an, oder bitten Sie um eine Einladung per E-Mail.',
  },
};

export const invitationPageCopy: typeof en.invitationPageCopy = {
  title: 'Sie sind eingeladen',
  lead: 'Drücken Sie eine Schaltfläche, um fortzufahren. Noch ist nichts geschehen.',
  accept: 'Einladung annehmen',
  decline: 'Ablehnen',
  check: 'Prüfen Sie, wer Sie einlädt, bevor Sie annehmen.',
  inviter: 'Eingeladen von',
  unknown: 'Jemand, der nicht mehr da ist',
  organization: 'Organisation',
  role: 'Ihre Rolle',
  roles,
  email: emailAddress,
  meaning:
    'In diesem Browser werden Sie im Konto der eingeladenen Adresse angemeldet. Gibt es noch keines, wird es jetzt erstellt.',
  acceptAndSignIn: 'Annehmen und anmelden',
  signOutAndAccept: 'Abmelden und annehmen',
  stay: 'Angemeldet bleiben',
  openAgain: 'Öffnen Sie dann den Link noch einmal.',
  declined: {
    title: 'Sie haben die Einladung abgelehnt',
    lead: 'Niemand kann sie mehr benutzen. Wenn Sie es sich anders überlegen, bitten Sie um eine neue.',
  },
  signIn,
};

export const joinPageCopy: typeof en.joinPageCopy = {
  title: 'Einer Organisation beitreten',
  lead: 'Drücken Sie die Schaltfläche, um beizutreten. Noch ist nichts geschehen.',
  label: 'Link zum Beitreten',
  submit: 'Beitreten',
  signInFirst: 'Melden Sie sich an, um beizutreten',
  signInLead:
    'Zum Beitreten brauchen Sie ein Konto mit bestätigter E-Mail-Adresse. Melden Sie sich an, oder erstellen Sie ein Konto, und öffnen Sie dann den Link noch einmal.',
  createAccount: 'Konto erstellen',
  account: 'Ihr Konto',
};

// Setting a new password (reset-page.ts).

export const resetPageCopy: typeof en.resetPageCopy = {
  title: 'Neues Passwort festlegen',
  lead: 'Sie werden dabei auf allen Geräten abgemeldet.',
  email: emailAddress,
  submit: setNewPassword,
};

// The account (account-page.ts).

export const accountPageCopy: typeof en.accountPageCopy = {
  title: 'Ihr Konto',
  signedInAs: (email) => ['Angemeldet als ', email],
  signOut: 'Abmelden',
  signOutDevice: (device) => [device, 'Abmelden', ''],
  profile: 'Profil',
  name,
  noName: 'Keine Angabe',
  addName: ['Namen', 'Hinzufügen', ''],
  changeName: ['Namen', 'Ändern', ''],
  locale: 'Sprache der E-Mails',
  changeLocale: ['Sprache der E-Mails', 'Ändern', ''],
  organization: 'Organisation',
  noOrganization: 'Keine',
  seeOrganizations: ['Ihre Organisationen', 'Anzeigen', ''],
  roles: {
    owner: 'Sie haben Inhaberrechte',
    admin: 'Sie haben Verwaltungsrechte',
    member: 'Sie sind Mitglied',
  },
  signingIn: 'Anmeldung',
  email: emailAddress,
  unverified: 'Noch nicht bestätigt',
  changeEmail: ['E-Mail-Adresse', 'Ändern', ''],
  password,
  hasPassword: 'Festgelegt',
  noPassword: 'Keines',
  byEmail: 'Sie melden sich per E-Mail an',
  changePassword: ['Passwort', 'Ändern', ''],
  setPassword: ['Passwort', 'Festlegen', ''],
  devices: 'Geräte',
  devicesHint:
    'Hier sind Sie angemeldet. Wenn Sie ein Gerät nicht kennen, melden Sie es ab, und ändern Sie Ihr Passwort.',
  thisDevice: 'Dieses Gerät',
  unknownAddress: 'Adresse unbekannt',
  signOutOthers: 'Alle anderen Geräte abmelden',
  activity: 'Letzte Aktivität',
  data: 'Ihre Daten',
  dataHint: 'Alles, was wir über Sie speichern, in einer JSON-Datei.',
  download: downloadData,
  delete: 'Konto löschen',
  notices: {
    'profile-changed': 'Ihr Profil ist gespeichert.',
    'password-changed': 'Ihr Passwort ist gespeichert, und alle anderen Geräte sind abgemeldet.',
    'email-changed': emailChanged,
    'password-dropped':
      'Ihre E-Mail-Adresse ist bestätigt. Weil das in einem anderen Browser geschah, hat das Konto kein Passwort: Legen Sie jetzt eines fest, oder melden Sie sich weiter per E-Mail an.',
    'device-signed-out': 'Das Gerät ist abgemeldet.',
    'device-gone': 'Dieses Gerät war schon abgemeldet.',
    'others-signed-out': 'Alle anderen Geräte sind abgemeldet.',
  },
};

// Its own pages (account-name-page.ts and so on).

export const accountNamePageCopy: typeof en.accountNamePageCopy = {
  title: 'Ihr Profil',
  locale: 'Sprache der E-Mails',
  localeHint: 'Diese Seiten folgen der Sprache Ihres Browsers.',
  hint: 'So werden Sie hier genannt. Lassen Sie das Feld leer, um den Namen zu entfernen.',
  submit: 'Speichern',
  back: backToAccount,
};

export const accountPasswordPageCopy: typeof en.accountPasswordPageCopy = {
  change: { title: 'Passwort ändern', button: 'Passwort ändern' },
  set: { title: 'Passwort festlegen', button: 'Passwort festlegen' },
  lead: 'Auf allen anderen Geräten werden Sie dabei abgemeldet.',
  current: 'Aktuelles Passwort',
  forgotPassword,
  back: backToAccount,
};

export const accountEmailPageCopy: typeof en.accountEmailPageCopy = {
  title: 'E‑Mail‑Adresse ändern',
  lead: (email) => [
    'Wir schicken Ihnen einen Link, mit dem Sie die neue Adresse bestätigen. Melden Sie sich bis dahin weiter mit ',
    email,
    ' an. Auch dorthin schicken wir eine Nachricht.',
  ],
  label: 'Neue E-Mail-Adresse',
  submit: 'Link senden',
  back: backToAccount,
};

export const accountActivityPageCopy: typeof en.accountActivityPageCopy = {
  title: 'Aktivität',
  lead: 'Was in Ihrem Konto geschehen ist. Wenn Ihnen etwas fremd ist, ändern Sie Ihr Passwort.',
  nothing: 'Älteres ist nicht gespeichert.',
  older: 'Ältere Aktivität',
  back: backToAccount,
  operator: 'durch den Betreiber dieses Dienstes',
  events: {
    'account.deleted': 'Das Konto wurde gelöscht',
    'account.disabled': 'Ihr Konto wurde vom Betreiber gesperrt',
    'account.enabled': 'Ihr Konto wurde wieder freigegeben',
    'account.exported': 'Ihre Daten wurden vom Betreiber exportiert',
    'account.registered': 'Sie haben Ihr Konto erstellt',
    'api_key.created': 'Ein API-Schlüssel wurde erstellt',
    'api_key.reported': 'Ein API-Schlüssel wurde widerrufen, weil ihn jemand gefunden hat',
    'api_key.revoked': 'Ein API-Schlüssel wurde widerrufen',
    'api_key.rotated': 'Ein API-Schlüssel wurde ersetzt',
    'api_key.updated': 'Ein API-Schlüssel wurde geändert',
    'email.changed': 'Ihre E-Mail-Adresse wurde geändert',
    'email.verified': 'Ihre E-Mail-Adresse wurde bestätigt',
    'invitation.declined': 'Eine Einladung wurde abgelehnt',
    'invitation.revoked': 'Eine Einladung wurde zurückgezogen',
    'join_link.created': 'Ein Link zum Beitreten wurde erstellt',
    'join_link.revoked': 'Ein Link zum Beitreten wurde abgeschaltet',
    'member.invited': 'Jemand wurde eingeladen',
    'member.joined': 'Sie sind einer Organisation beigetreten',
    'member.left': 'Sie haben eine Organisation verlassen',
    'member.removed': 'Sie wurden aus einer Organisation entfernt',
    'member.role_changed': 'Ihre Rolle wurde geändert',
    'organization.created': 'Sie haben eine Organisation erstellt',
    'organization.deleted': 'Eine Organisation wurde gelöscht',
    'organization.plan_changed': 'Der Tarif einer Organisation wurde geändert',
    'organization.renamed': 'Sie haben eine Organisation umbenannt',
    'organization.purged': 'Eine Organisation wurde endgültig gelöscht',
    'organization.restored': 'Eine Organisation wurde wiederhergestellt',
    'organization.transferred': 'Eine Organisation wurde übergeben',
    'password.changed': 'Ihr Passwort wurde geändert',
    'password.reset': 'Ihr Passwort wurde zurückgesetzt',
    'session.code_reused': 'Ein Anmeldecode wurde zweimal verwendet, darum wurde ein Gerät abgemeldet',
    'session.displaced': 'Ein Gerät wurde abgemeldet, weil es zu viele waren',
    'session.all_revoked': 'Alle Geräte wurden vom Betreiber abgemeldet',
    'session.others_revoked': 'Alle anderen Geräte wurden abgemeldet',
    'session.refresh_token_reused':
      'Eine kopierte Anmeldung ist aufgefallen, darum wurde ein Gerät abgemeldet',
    'session.refresh_token_shared':
      'Eine Anmeldung wurde auf zwei Geräten verwendet, darum wurden beide abgemeldet',
    'session.revoked': 'Ein Gerät wurde abgemeldet',
    'session.signed_out': 'Sie haben sich abgemeldet',
    'session.started': 'Sie haben sich angemeldet',
    'sign_in.refused': 'Jemand wollte sich mit einem falschen Passwort anmelden',
  },
  toOthers: {
    'member.removed': 'Sie haben ein Mitglied entfernt',
    'member.role_changed': 'Sie haben die Rolle eines Mitglieds geändert',
  },
};

export const accountDeletePageCopy: typeof en.accountDeletePageCopy = {
  title: 'Konto löschen',
  lead: (email) => [
    'Damit wird das Konto von ',
    email,
    ' sofort gelöscht. Das lässt sich nicht rückgängig machen.',
  ],
  points: [
    'Ihr Profil, Ihre Geräte und noch nicht gesendete E-Mails werden gelöscht, und Sie werden überall abgemeldet.',
    'Organisationen, in denen sonst niemand ist, werden mit allem gelöscht, was ihnen gehört.',
    'Wir behalten ein Protokoll sicherheitsrelevanter Vorgänge, etwa von Anmeldungen, ohne Ihren Namen und Ihre E-Mail-Adresse.',
  ],
  keep: 'Möchten Sie eine Kopie?',
  download: downloadData,
  submit: 'Mein Konto löschen',
  cancel: 'Konto behalten',
};

// Before what can't be undone (confirmation.ts).

export const confirmationCopy: typeof en.confirmationCopy = {
  password: 'Ihr Passwort',
  wrong: 'Das ist nicht Ihr aktuelles Passwort',
  title: 'Melden Sie sich zuerst neu an',
  reason: 'Ihr Konto hat kein Passwort. Darum geht das nur innerhalb von 15 Minuten nach der Anmeldung.',
  signIn: 'Neu anmelden',
  back: backToAccount,
};

// Organizations: parts of several pages.

export const roleFieldCopy: typeof en.roleFieldCopy = { label: 'Rolle', roles };

export const organizationRefusalCopy: typeof en.organizationRefusalCopy = {
  back: 'Zurück',
  problems: {
    'not-found': {
      title: 'Das gibt es nicht mehr',
      advice: 'Vielleicht wurde es inzwischen geändert oder entfernt. Jetzt wurde nichts geändert.',
    },
    'last-owner': {
      title: 'Nur Sie haben Inhaberrechte',
      advice:
        'Jemand muss sie haben. Geben Sie sie zuerst einem anderen Mitglied, oder löschen Sie die Organisation.',
    },
    'slug-taken': {
      title: 'Dieser Kurzname ist vergeben',
      advice: 'Wählen Sie einen anderen. Der einer gelöschten Organisation bleibt noch eine Weile vergeben.',
    },
    'too-many-organizations': {
      title: 'Mehr Organisationen kann eine Person nicht haben',
      advice: 'Wem sie gehören soll, muss erst eine andere übergeben oder löschen.',
    },
    'too-many-invitations': {
      title: 'Es sind zu viele Einladungen offen',
      advice: 'Nehmen Sie die zurück, die niemand mehr braucht, auch abgelaufene.',
    },
    'too-many-api-keys': {
      title: 'Mehr solche API‑Schlüssel kann es nicht geben',
      advice:
        'Eine Organisation hat höchstens 100 eigene, und jede Person darin 20. Widerrufen Sie die, die niemand mehr braucht.',
    },
    'already-member': {
      title: 'Diese Person ist schon Mitglied',
      advice: 'Sie finden sie unter den Mitgliedern.',
    },
    'invitation-used': {
      title: 'Diese Einladung wurde schon benutzt',
      advice: 'Sie wurde schon angenommen oder abgelehnt.',
    },
    'invitation-expired': {
      title: 'Diese Einladung ist abgelaufen',
      advice: 'Bitten Sie die Person, die Sie eingeladen hat, um eine neue.',
    },
  },
};

export const organizationFieldsCopy: typeof en.organizationFieldsCopy = {
  name: 'Name',
  nameTakes: '1 bis 100 Zeichen',
  slug: 'Kurzname',
  slugHint: 'Er nennt die Organisation in Einladungen. Kleinbuchstaben, Ziffern und einzelne Bindestriche.',
  slugTakes: 'Höchstens 63 Kleinbuchstaben und Ziffern, mit einzelnen Bindestrichen dazwischen',
};

// The organizations of a person (account-organizations-page.ts).

export const accountOrganizationsPageCopy: typeof en.accountOrganizationsPageCopy = {
  title: 'Ihre Organisationen',
  lead: 'In diesem Browser arbeiten Sie immer in einer davon.',
  none: 'Sie sind in keiner Organisation. Erstellen Sie eine, oder bitten Sie jemanden um eine Einladung.',
  roles,
  current: 'Aktuell',
  open: (name) => [name, 'Öffnen', ''],
  switch: (name) => [`Zu ${name}`, 'Wechseln', ''],
  leave: (name) => [name, 'Verlassen', ''],
  leaveMeaning: 'Sie haben dann keinen Zugang mehr und kommen nur mit einer neuen Einladung zurück.',
  leaveButton: (name) => [name, 'Organisation verlassen', ''],
  invitations: 'Einladungen',
  invitedBy: (inviter) => ['Eingeladen von ', inviter],
  unknown: 'jemandem, der nicht mehr da ist',
  accept: (name) => [`Einladung zu ${name}`, 'Annehmen', ''],
  decline: (name) => [`Einladung zu ${name}`, 'Ablehnen', ''],
  noInvitations: 'Für Ihre E-Mail-Adresse gibt es keine.',
  unverified: 'Sobald Ihre E-Mail-Adresse bestätigt ist, finden Sie hier die Einladungen für sie.',
  verify: 'Neue Bestätigungs-E-Mail senden',
  create: 'Organisation erstellen',
  slugHint: 'Lassen Sie das Feld leer, dann wird er aus dem Namen gebildet.',
  createButton: 'Erstellen',
  back: backToAccount,
  notices: {
    created: 'Die Organisation ist erstellt. Wechseln Sie zu ihr, um jemanden einzuladen.',
    left: 'Sie haben die Organisation verlassen.',
    declined: 'Sie haben die Einladung abgelehnt.',
    deleted: 'Die Organisation ist gelöscht.',
    choose: 'Wechseln Sie zuerst zu einer Organisation, oder erstellen Sie eine.',
  },
};

// The current organization (organization-page.ts and so on).

export const organizationPageCopy: typeof en.organizationPageCopy = {
  name: 'Name',
  slug: 'Kurzname',
  role: 'Ihre Rolle',
  roles,
  members: ['Mitglieder', 'Wer dabei ist, und in welcher Rolle'],
  invitations: ['Einladungen', 'Laden Sie per E-Mail oder mit einem Link ein'],
  keys: [apiKeys, 'Für Programme, und wie oft sie verwendet werden'],
  rename: 'Umbenennen',
  renameButton: 'Speichern',
  owner: 'Inhaberrechte',
  transfer: 'Organisation übergeben',
  delete: 'Organisation löschen',
  organizations: 'Ihre Organisationen',
  back: backToOrganization,
  notices: {
    joined: 'Sie sind der Organisation beigetreten.',
    switched: 'Sie arbeiten jetzt in dieser Organisation.',
    renamed: 'Die Organisation ist umbenannt.',
    'handed-over': 'Die Organisation ist übergeben. Sie haben darin jetzt Adminrechte.',
  },
};

export const organizationMembersPageCopy: typeof en.organizationMembersPageCopy = {
  title: 'Mitglieder',
  you: 'Sie',
  change: (who) => [who, 'Ändern', ''],
  role: (who) => ['', 'Rolle', `von ${who}`],
  changeRole: (who) => [who, 'Rolle ändern', ''],
  remove: (who) => [who, 'Entfernen', ''],
  removeMeaning: 'Der Zugang endet sofort. Zurück geht es nur mit einer neuen Einladung.',
  more: 'Weitere Mitglieder',
  back: backToOrganization,
  notices: {
    'role-changed': 'Die Rolle ist geändert.',
    removed: 'Das Mitglied ist entfernt.',
  },
};

export const organizationInvitationsPageCopy: typeof en.organizationInvitationsPageCopy = {
  title: 'Einladungen',
  invite: 'Jemanden einladen',
  inviteHint: 'Per E-Mail kommt ein Link, der 7 Tage gilt. Ein Konto ist dafür noch nicht nötig.',
  email: emailAddress,
  inviteButton: 'Einladung senden',
  unverified: 'Bestätigen Sie zuerst Ihre eigene E-Mail-Adresse, um einzuladen: Sie steht in der E-Mail.',
  verify: 'Neue Bestätigungs-E-Mail senden',
  open: 'Offene Einladungen',
  none: 'Keine Einladung ist offen.',
  until: (time) => ['bis ', time],
  expired: 'Abgelaufen',
  resend: (email) => [email, 'Noch einmal senden', ''],
  revoke: (email) => [email, 'Zurücknehmen', ''],
  link: 'Link zum Beitreten',
  linkHint: 'Wer den Link und eine bestätigte E-Mail-Adresse hat, kann als Mitglied beitreten.',
  linkUnverified: 'Bestätigen Sie zuerst Ihre eigene E-Mail-Adresse, um einen zu erstellen.',
  anyDomain: 'Jede E-Mail-Adresse',
  domainOnly: (domain) => ['Nur Adressen bei ', domain],
  uses: (uses, maximum) => (maximum === null ? `${uses} beigetreten` : `${uses} von ${maximum} beigetreten`),
  turnOff: 'Link abschalten',
  make: 'Link erstellen',
  makeAnother: 'Anderen Link erstellen',
  replaces: 'Der bisherige Link gilt dann nicht mehr.',
  domain: 'Nur für Adressen bei',
  domainHint: 'Zum Beispiel example.com. Leer gelassen gilt er für jede Adresse.',
  domainTakes: 'Geben Sie eine Domain wie example.com ein',
  maximumUses: 'Wie viele beitreten können',
  maximumUsesHint: 'Leer gelassen sind es beliebig viele.',
  maximumUsesTakes: 'Geben Sie eine Zahl von 1 bis 10000 ein',
  days: 'Gültig',
  dayChoices: [
    ['1', '1 Tag'],
    ['7', '7 Tage'],
    ['30', '30 Tage'],
  ],
  makeButton: 'Link erstellen',
  made: {
    title: 'Der Link ist fertig',
    lead: 'Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt. Schicken Sie ihn nur Menschen, denen Sie vertrauen.',
    label: 'Link zum Beitreten',
  },
  madeBefore: {
    title: 'Der Link wurde schon erstellt',
    lead: 'Das Formular wurde noch einmal gesendet, und kein zweiter Link wurde erstellt. Der Link wurde einmal gezeigt und kann nicht noch einmal gezeigt werden: Wenn niemand ihn kopiert hat, gehen Sie zurück und erstellen Sie einen anderen.',
  },
  back: backToOrganization,
  backToInvitations: 'Zurück zu den Einladungen',
  notices: {
    invited: 'Die Einladung ist unterwegs.',
    resent: 'Die Einladung gilt weitere 7 Tage.',
    revoked: 'Die Einladung ist zurückgenommen.',
    'link-off': 'Über den Link kann niemand mehr beitreten.',
  },
};

const signInReason = 'Das geht nur innerhalb von 15 Minuten nach der Anmeldung.';

export const organizationTransferPageCopy: typeof en.organizationTransferPageCopy = {
  title: 'Organisation übergeben',
  lead: (name) => [
    'Ein anderes Mitglied bekommt Inhaberrechte in ',
    name,
    ', und Sie behalten Adminrechte. Sie beide bekommen eine E-Mail.',
  ],
  nobody: 'Es gibt kein anderes Mitglied, dem Sie sie übergeben könnten.',
  label: 'Übergeben an',
  more: 'Weitere Mitglieder',
  submit: 'Übergeben',
  signInReason,
  back: backToOrganization,
};

export const organizationDeletePageCopy: typeof en.organizationDeletePageCopy = {
  title: 'Organisation löschen',
  lead: (name) => ['Damit wird ', name, ' sofort und für alle gelöscht.'],
  points: [
    'Die Mitglieder behalten ihre Konten, haben aber keinen Zugang mehr.',
    'Einladungen und der Link zum Beitreten gelten nicht mehr.',
    '30 Tage lang kann der Betreiber dieses Dienstes sie wiederherstellen.',
  ],
  slugLabel: (slug) => `Geben Sie zur Bestätigung ${slug} ein`,
  slugTakes: 'Geben Sie den Kurznamen so ein, wie er oben steht',
  submit: 'Organisation löschen',
  cancel: 'Behalten',
  signInReason,
};

export const organizationKeysPageCopy: typeof en.organizationKeysPageCopy = {
  title: apiKeys,
  keys: 'Schlüssel',
  none: 'Es gibt noch keinen Schlüssel.',
  create: createKey,
  personal: 'Persönlich',
  limit: (requests, seconds) => `${requests} Anfragen in ${seconds} s`,
  expires: (time) => ['gültig bis ', time],
  expired: 'abgelaufen',
  never: 'läuft nicht ab',
  clientId: 'Client-ID',
  lastUsed: (time) => ['zuletzt verwendet ', time],
  neverUsed: 'noch nicht verwendet',
  previous: (time) => ['Der bisherige Schlüssel gilt bis ', time],
  change: (name) => [name, 'Ändern', ''],
  rotateMeaning: 'Der neue Schlüssel darf dasselbe. Er wird nur einmal gezeigt.',
  overlap: (name) => [`${name}:`, 'Der jetzige Schlüssel gilt noch', ''],
  overlaps: [
    ['0', 'gar nicht'],
    ['3600', '1 Stunde'],
    ['86400', '1 Tag'],
    ['604800', '7 Tage'],
  ],
  rotate: (name) => [name, 'Ersetzen', ''],
  revokeMeaning: 'Ein Programm, das den Schlüssel noch hat, wird sofort und für immer abgewiesen.',
  revoke: (name) => [name, 'Widerrufen', ''],
  signInReason,
  usage: 'Nutzung nach Tagen',
  back: backToOrganization,
  notices: { revoked: 'Der Schlüssel ist widerrufen.' },
};

export const apiKeyFormCopy: typeof en.apiKeyFormCopy = {
  title: createKey,
  hint: 'Für ein Programm. Eine E-Mail meldet jeden Schlüssel, der erstellt oder ersetzt wird.',
  name: {
    label: 'Name',
    hint: 'Wofür der Schlüssel ist, zum Beispiel Import.',
    takes: 'Nehmen Sie 1 bis 100 Zeichen',
  },
  belongsTo: 'Gehört',
  owners: [
    ['organization', 'der Organisation'],
    ['person', 'mir, solange ich Mitglied bin'],
  ],
  scopes: 'Was er darf',
  scopesTakes: 'Wählen Sie mindestens eines',
  expiry: 'Gültig',
  expiries: [
    ['30', '30 Tage'],
    ['90', '90 Tage'],
    ['365', '1 Jahr'],
  ],
  never: 'bis ihn jemand widerruft',
  limit: {
    label: 'Wie viele Anfragen',
    hint: 'Leer gelassen sind es so viele, wie der Tarif erlaubt.',
    takes: 'Geben Sie eine Zahl von 1 bis 100000 ein',
  },
  window: 'Je',
  windows: [
    ['1', 'Sekunde'],
    ['60', 'Minute'],
    ['3600', 'Stunde'],
    ['86400', 'Tag'],
  ],
  submit: 'Schlüssel erstellen',
  back: backToKeys,
};

export const issuedKeyPageCopy: typeof en.issuedKeyPageCopy = {
  title: 'Der Schlüssel ist fertig',
  lead: 'Kopieren Sie ihn jetzt: Er wird nur dieses eine Mal gezeigt. Bewahren Sie ihn dort auf, wo nur das Programm ihn lesen kann.',
  label: 'API-Schlüssel',
  clientId: {
    label: 'Client-ID',
    hint: 'Für Programme, die Tokens mit Client Credentials holen. Sie steht auch in der Liste der Schlüssel.',
  },
  back: backToKeys,
};

export const formerKeyPageCopy: typeof en.formerKeyPageCopy = {
  create: {
    title: 'Der Schlüssel wurde schon erstellt',
    lead: (name) =>
      `Das Formular wurde noch einmal gesendet, und kein zweiter Schlüssel wurde erstellt. ${name} wurde einmal gezeigt und kann nicht noch einmal gezeigt werden: Wenn niemand ihn kopiert hat, widerrufen Sie ihn und erstellen Sie einen anderen.`,
  },
  rotate: {
    title: 'Der Schlüssel wurde schon ersetzt',
    lead: (name) =>
      `Nichts wurde geändert: ${name} wurde ersetzt, seit das Formular gezeigt wurde. Der neue Schlüssel wurde einmal gezeigt und kann nicht noch einmal gezeigt werden: Wenn niemand ihn kopiert hat, gehen Sie zurück und ersetzen Sie ihn noch einmal.`,
  },
  back: backToKeys,
};

export const organizationUsagePageCopy: typeof en.organizationUsagePageCopy = {
  title: 'Nutzung der API‑Schlüssel',
  hint: 'Die letzten 30 Tage, jeder von Mitternacht bis Mitternacht UTC. Die letzte Minute kann fehlen.',
  none: 'Kein Schlüssel wurde verwendet.',
  sum: (requests, refused) => `Anfragen: ${requests}, abgewiesen: ${refused}`,
  most: (requests) => `Die meisten an einem Tag: ${requests}`,
  day: 'Tag',
  requests: 'Anfragen',
  answered: 'Beantwortet',
  refused: 'Abgewiesen',
  asTable: 'Als Tabelle zeigen',
  keys: backToKeys,
  back: backToOrganization,
};
