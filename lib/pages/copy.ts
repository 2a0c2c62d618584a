/** The words of pages, each part in every language: `copy/en.ts` and its translations. */
import * as de from './copy/de.ts';
import * as en from './copy/en.ts';

export const layoutCopy = { en: en.layoutCopy, de: de.layoutCopy };
export const elapsedCopy = { en: en.elapsedCopy, de: de.elapsedCopy };
export const fieldCopy = { en: en.fieldCopy, de: de.fieldCopy };
export const nameFieldCopy = { en: en.nameFieldCopy, de: de.nameFieldCopy };
export const emailFieldCopy = { en: en.emailFieldCopy, de: de.emailFieldCopy };
export const passwordFieldCopy = { en: en.passwordFieldCopy, de: de.passwordFieldCopy };
export const revealCopy = { en: en.revealCopy, de: de.revealCopy };
export const newPasswordFieldCopy = { en: en.newPasswordFieldCopy, de: de.newPasswordFieldCopy };
export const codeFieldCopy = { en: en.codeFieldCopy, de: de.codeFieldCopy };
export const refusalCopy = { en: en.refusalCopy, de: de.refusalCopy };
export const errorPageCopy = { en: en.errorPageCopy, de: de.errorPageCopy };
export const homePageCopy = { en: en.homePageCopy, de: de.homePageCopy };
export const signInPageCopy = { en: en.signInPageCopy, de: de.signInPageCopy };
export const registerPageCopy = { en: en.registerPageCopy, de: de.registerPageCopy };
export const emailRequestPageCopy = { en: en.emailRequestPageCopy, de: de.emailRequestPageCopy };
export const purposeButtonCopy = { en: en.purposeButtonCopy, de: de.purposeButtonCopy };
export const codePageCopy = { en: en.codePageCopy, de: de.codePageCopy };
export const landingPageCopy = { en: en.landingPageCopy, de: de.landingPageCopy };
export const confirmPageCopy = { en: en.confirmPageCopy, de: de.confirmPageCopy };
export const appLinkCopy = { en: en.appLinkCopy, de: de.appLinkCopy };
export const factsCopy = { en: en.factsCopy, de: de.factsCopy };
export const deadLinkPageCopy = { en: en.deadLinkPageCopy, de: de.deadLinkPageCopy };
export const tokenFieldCopy = { en: en.tokenFieldCopy, de: de.tokenFieldCopy };
export const invitationRefusalCopy = { en: en.invitationRefusalCopy, de: de.invitationRefusalCopy };
export const invitationPageCopy = { en: en.invitationPageCopy, de: de.invitationPageCopy };
export const joinPageCopy = { en: en.joinPageCopy, de: de.joinPageCopy };
export const resetPageCopy = { en: en.resetPageCopy, de: de.resetPageCopy };
export const accountPageCopy = { en: en.accountPageCopy, de: de.accountPageCopy };
export const accountNamePageCopy = { en: en.accountNamePageCopy, de: de.accountNamePageCopy };
export const accountPasswordPageCopy = { en: en.accountPasswordPageCopy, de: de.accountPasswordPageCopy };
export const accountEmailPageCopy = { en: en.accountEmailPageCopy, de: de.accountEmailPageCopy };
export const accountActivityPageCopy = { en: en.accountActivityPageCopy, de: de.accountActivityPageCopy };
export const accountDeletePageCopy = { en: en.accountDeletePageCopy, de: de.accountDeletePageCopy };
export const confirmationCopy = { en: en.confirmationCopy, de: de.confirmationCopy };
export const roleFieldCopy = { en: en.roleFieldCopy, de: de.roleFieldCopy };
export const organizationRefusalCopy = { en: en.organizationRefusalCopy, de: de.organizationRefusalCopy };
export const organizationFieldsCopy = { en: en.organizationFieldsCopy, de: de.organizationFieldsCopy };
export const accountOrganizationsPageCopy = {
  en: en.accountOrganizationsPageCopy,
  de: de.accountOrganizationsPageCopy,
};
export const organizationPageCopy = { en: en.organizationPageCopy, de: de.organizationPageCopy };
export const organizationMembersPageCopy = {
  en: en.organizationMembersPageCopy,
  de: de.organizationMembersPageCopy,
};
export const organizationInvitationsPageCopy = {
  en: en.organizationInvitationsPageCopy,
  de: de.organizationInvitationsPageCopy,
};
export const organizationTransferPageCopy = {
  en: en.organizationTransferPageCopy,
  de: de.organizationTransferPageCopy,
};
export const organizationDeletePageCopy = {
  en: en.organizationDeletePageCopy,
  de: de.organizationDeletePageCopy,
};
export const organizationKeysPageCopy = { en: en.organizationKeysPageCopy, de: de.organizationKeysPageCopy };
export const apiKeyFormCopy = { en: en.apiKeyFormCopy, de: de.apiKeyFormCopy };
export const formerKeyPageCopy = { en: en.formerKeyPageCopy, de: de.formerKeyPageCopy };
export const issuedKeyPageCopy = { en: en.issuedKeyPageCopy, de: de.issuedKeyPageCopy };
export const organizationUsagePageCopy = {
  en: en.organizationUsagePageCopy,
  de: de.organizationUsagePageCopy,
};
