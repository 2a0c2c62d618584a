/** Made by `npm run openapi`: the version in `package.json`, which no bundle can read. */
export const version = '0.1.0';
