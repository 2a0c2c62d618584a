/** What every email says in German: readers are addressed as „Sie“. */
import { brand } from '../../core/brand.ts';
import type { en } from './en.ts';

const newPassword = 'Neues Passwort wählen';
const ignore = 'Wenn Sie diese E-Mail nicht angefordert haben, müssen Sie nichts tun';
const otherDevice = 'Auf einem anderen Gerät angefordert? Geben Sie dort diesen Code ein:';
const nothingToDo = 'Wenn Sie das waren, müssen Sie nichts tun.';
const takeBack =
  'Wenn Sie das nicht waren, wählen Sie jetzt ein neues Passwort. Damit werden alle Geräte abgemeldet, auch fremde.';
const transfer = { organization: 'Organisation', formerOwner: 'Übergeben von', newOwner: 'Übergeben an' };
const byRequest = (host: string) =>
  `Sie erhalten diese E-Mail, weil jemand auf ${host} Ihre E-Mail-Adresse eingegeben hat.`;
const forSafety = (host: string) =>
  `Sie erhalten diese E-Mail, weil es um die Sicherheit Ihres Kontos auf ${host} geht.`;

export const de: typeof en = {
  dateLocale: 'de',
  phrases: {
    expiry: 'Der Link gilt 15 Minuten, der Code 10. Jeder gilt nur einmal.',
    secrecy: `Geben Sie den Code nicht weiter: Niemand von ${brand.name} wird Sie danach fragen.`,
    fallback: 'Die Schaltfläche funktioniert nicht? Kopieren Sie diesen Link in Ihren Browser:',
    apiKey: 'API-Schlüssel',
    organization: 'Organisation',
    device: 'Gerät',
    time: 'Zeitpunkt',
  },
  emails: {
    'sign-in': {
      subject: `Bei ${brand.name} anmelden`,
      lead: 'Über die Schaltfläche melden Sie sich auf dem Gerät an, auf dem Sie diese E-Mail lesen.',
      button: 'Anmelden',
      code: 'Sie lesen das auf einem anderen Gerät? Geben Sie diesen Code dort ein, wo Sie ihn angefordert haben:',
      ifNotYou: `${ignore}: Ohne Zugang zu Ihrem Postfach kann sich niemand damit anmelden.`,
      why: byRequest,
    },
    'sign-up': {
      subject: `Ihr Konto bei ${brand.name} erstellen`,
      lead: 'Zu Ihrer E-Mail-Adresse gibt es noch kein Konto. Über die Schaltfläche erstellen Sie eines und melden sich auf dem Gerät an, auf dem Sie diese E-Mail lesen.',
      button: 'Mein Konto erstellen',
      code: otherDevice,
      ifNotYou: `${ignore}: Ohne den Link oder den Code wird kein Konto erstellt.`,
      why: byRequest,
    },
    'email-verification': {
      subject: `Bestätigen Sie Ihre E-Mail-Adresse für ${brand.name}`,
      lead: 'Nur noch ein Schritt: Bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört.',
      button: 'E-Mail-Adresse bestätigen',
      code: otherDevice,
      ifNotYou: `Wenn Sie kein Konto bei ${brand.name} erstellt haben, bestätigen Sie bitte nicht. Wer Ihre E-Mail-Adresse eingegeben hat, kann nicht nachweisen, dass sie ihm gehört.`,
      why: byRequest,
    },
    'password-reset': {
      subject: `Ihr Passwort bei ${brand.name} zurücksetzen`,
      lead: 'Über die Schaltfläche wählen Sie ein neues Passwort. Sie werden dabei auf allen Geräten abgemeldet.',
      button: newPassword,
      code: otherDevice,
      ifNotYou: `${ignore}: Ihr Passwort bleibt, wie es ist.`,
      why: byRequest,
    },
    'email-change': {
      subject: `Bestätigen Sie Ihre neue E-Mail-Adresse für ${brand.name}`,
      lead: `Jemand möchte diese E-Mail-Adresse für sein Konto bei ${brand.name} verwenden. Wenn Sie das sind, bestätigen Sie sie: Sie ersetzt dann Ihre bisherige.`,
      button: 'Neue E-Mail-Adresse bestätigen',
      code: otherDevice,
      ifNotYou:
        'Wenn Sie das nicht waren, bestätigen Sie bitte nicht: Das Konto gehört jemand anderem, und ohne Sie ändert sich nichts.',
      why: byRequest,
    },
    'email-change-asked': {
      subject: `Die E-Mail-Adresse Ihres Kontos bei ${brand.name} soll geändert werden`,
      lead: 'Jemand, der in Ihrem Konto angemeldet ist, möchte dessen E-Mail-Adresse ändern. Noch ist nichts geändert: Zuerst muss die neue Adresse bestätigt werden.',
      ifYou: 'Wenn Sie das waren, öffnen Sie die E-Mail, die wir an die neue Adresse geschickt haben.',
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'email-changed': {
      subject: `Die E-Mail-Adresse Ihres Kontos bei ${brand.name} wurde geändert`,
      lead: 'Die neue Adresse ist bestätigt und gilt ab jetzt für Ihr Konto. Dies ist die letzte E-Mail zu Ihrem Konto, die wir an diese Adresse schicken.',
      ifYou: 'Wenn Sie das waren, ist alles erledigt: Melden Sie sich mit der neuen Adresse an.',
      ifNotYou: `Wenn Sie das nicht waren, hat jemand anderes Zugang zu Ihrem Konto, und Sie können das Passwort über diese Adresse nicht mehr zurücksetzen. Wenden Sie sich sofort an den Betreiber von ${brand.name}, und heben Sie diese E-Mail als Nachweis auf.`,
      why: forSafety,
    },
    'already-registered': {
      subject: `Sie haben schon ein Konto bei ${brand.name}`,
      lead: 'Jemand wollte mit Ihrer E-Mail-Adresse ein Konto erstellen. Sie haben schon eines; es wurde also nichts erstellt und nichts geändert.',
      ifYou:
        'Wenn Sie das waren, melden Sie sich stattdessen an. Passwort vergessen? Auf der Anmeldeseite können Sie sich einen Link schicken lassen.',
      ifNotYou: 'Wenn Sie das nicht waren, müssen Sie nichts tun: Ihr Konto ist so sicher wie zuvor.',
      button: 'Anmelden',
      why: byRequest,
    },
    'codes-refused': {
      subject: `Zu viele falsche Codes für Ihr Konto bei ${brand.name}`,
      lead: 'Jemand hat heute viele falsche Codes für Ihre E-Mail-Adresse eingegeben. Zum Schutz Ihres Kontos gelten Codes einen Tag lang nicht. Die Links in unseren E-Mails gelten weiter.',
      ifYou: 'Wenn Sie das waren, verwenden Sie statt des Codes den Link in der E-Mail.',
      ifNotYou: 'Wenn Sie das nicht waren, müssen Sie nichts tun: Niemand ist in Ihr Konto gelangt.',
      why: forSafety,
    },
    'new-device': {
      subject: `Neue Anmeldung in Ihrem Konto bei ${brand.name}`,
      lead: 'Jemand hat sich auf einem Gerät, das wir noch nicht kennen, in Ihrem Konto angemeldet.',
      ifYou: nothingToDo,
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'api-key-created': {
      subject: `Neuer API-Schlüssel für Ihr Konto bei ${brand.name}`,
      lead: 'Jemand hat nach einer Anmeldung einen API-Schlüssel erstellt. Ein Programm, das ihn hat, kann die API nutzen, soweit der Schlüssel es erlaubt.',
      ifYou: nothingToDo,
      ifNotYou:
        'Wenn Sie das nicht waren und auch niemand, mit dem Sie zusammenarbeiten, widerrufen Sie den Schlüssel und wählen Sie ein neues Passwort.',
      button: newPassword,
      why: forSafety,
    },
    'api-key-rotated': {
      subject: `Ein API-Schlüssel Ihres Kontos bei ${brand.name} wurde ersetzt`,
      lead: 'Jemand hat nach einer Anmeldung einen API-Schlüssel durch einen neuen ersetzt.',
      ifYou: 'Wenn Sie das waren, geben Sie den neuen Schlüssel den Programmen, die den alten haben.',
      ifNotYou:
        'Wenn Sie das nicht waren und auch niemand, mit dem Sie zusammenarbeiten, widerrufen Sie den Schlüssel und wählen Sie ein neues Passwort.',
      button: newPassword,
      why: forSafety,
    },
    'api-key-reported': {
      subject: `Wir haben einen API-Schlüssel Ihres Kontos bei ${brand.name} widerrufen`,
      lead: 'Jemand hat diesen API-Schlüssel gefunden und uns gemeldet. Er funktioniert nicht mehr, damit ihn niemand missbraucht.',
      ifYou: 'Wenn Sie das waren, erstellen Sie einen neuen Schlüssel für die Programme, die ihn hatten.',
      ifNotYou:
        'Wenn Sie das nicht waren, stand der Schlüssel an einem falschen Ort, etwa in veröffentlichtem Code. Finden Sie heraus, wo, und erstellen Sie einen neuen.',
      why: forSafety,
    },
    invitation: {
      subject: `Sie sind in eine Organisation auf ${brand.name} eingeladen`,
      lead: `Jemand, den Sie vielleicht kennen, lädt Sie zur Zusammenarbeit auf ${brand.name} ein. Ein Konto brauchen Sie noch nicht: Sie bekommen es, wenn Sie die Einladung annehmen.`,
      inviter: 'Eingeladen von',
      organization: 'Organisation',
      role: 'Ihre Rolle',
      roles: { owner: 'Inhaber', admin: 'Admin', member: 'Mitglied' },
      button: 'Einladung ansehen',
      expiry: 'Die Einladung gilt nur für Sie und 7 Tage lang: Leiten Sie diese E-Mail nicht weiter.',
      ifUnwanted:
        'Wenn Sie die Person nicht kennen, die Sie einlädt, müssen Sie nichts tun oder lehnen auf derselben Seite ab: Solange Sie nicht annehmen, geschieht nichts.',
      why: (host) =>
        `Sie erhalten diese E-Mail, weil ein Mitglied einer Organisation auf ${host} Ihre E-Mail-Adresse eingeladen hat. Einen Verteiler gibt es nicht.`,
    },
    'organization-handed-over': {
      subject: `Sie haben eine Organisation auf ${brand.name} übergeben`,
      lead: 'Die Organisation gehört jetzt einem anderen Mitglied, und Sie haben darin Adminrechte.',
      ...transfer,
      advice: [
        nothingToDo,
        `${takeBack} Bitten Sie dann das andere Mitglied oder den Betreiber von ${brand.name} darum, die Organisation zurückzugeben.`,
      ],
      button: newPassword,
      why: forSafety,
    },
    'organization-received': {
      subject: `Ihnen gehört jetzt eine Organisation auf ${brand.name}`,
      lead: 'Sie wurde Ihnen übergeben: Sie entscheiden jetzt über ihre Mitglieder und können sie löschen.',
      ...transfer,
      advice: ['Wenn Sie das nicht möchten, übergeben Sie sie einem anderen Mitglied.'],
      button: 'Ihre Organisationen ansehen',
      why: (host) => `Sie erhalten diese E-Mail, weil Sie Mitglied einer Organisation auf ${host} sind.`,
    },
    'password-changed': {
      subject: `Ihr Passwort bei ${brand.name} wurde geändert`,
      lead: 'Ihr Konto hat ein neues Passwort, und alle anderen Geräte wurden abgemeldet.',
      ifYou: nothingToDo,
      ifNotYou: takeBack,
      button: newPassword,
      why: forSafety,
    },
    'session-ended': {
      subject: `Wir haben ein Gerät von Ihrem Konto bei ${brand.name} abgemeldet`,
      lead: 'Ein Gerät wollte mit einem Schlüssel angemeldet bleiben, der schon ersetzt war. Vielleicht wurde der Schlüssel kopiert. Darum haben wir diese Sitzung zur Sicherheit beendet.',
      ifYou:
        'Wenn das Ihr Gerät ist, melden Sie sich einfach wieder an. Auch eine fehlerhafte App oder eine wiederhergestellte Sicherung kann die Ursache sein.',
      ifNotYou:
        'Wenn Sie das Gerät nicht kennen oder das noch einmal vorkommt, wählen Sie ein neues Passwort. Damit werden alle Geräte abgemeldet.',
      button: newPassword,
      why: forSafety,
    },
  },
};
