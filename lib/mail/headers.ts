/** Header fields that every email of ours has, whichever way it goes. */

/** RFC 3834, section 5: nobody's holiday answers an email that a machine wrote. */
export const emailHeaders = { 'Auto-Submitted': 'auto-generated' };
