// What ../../common-passwords.ts makes when the page is built.

declare module "virtual:common-passwords" {
  /** The most common first, with a space between two. */
  const passwords: string;
  export default passwords;
}
