/**
 * Lets people see the password that they type. No style can unmask a field in every browser, so it takes a script; where
 * none runs, the box for it stays hidden and everything else works as it does.
 */

/** Masked again when the form is sent, or a browser would offer it to the next one among what was typed as text. */
export const revealScript = `
for (const box of document.querySelectorAll('.reveal input')) {
  const field = document.getElementById(box.getAttribute('aria-controls'));
  const show = (isShown) => { field.type = isShown ? 'text' : 'password' };
  box.parentNode.hidden = false;
  box.addEventListener('change', () => show(box.checked));
  field.form.addEventListener('submit', () => show(box.checked = false));
}
`;
