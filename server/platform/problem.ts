/** What is wrong with a setting of the environment, as it follows the name of the setting. */
export type Problem = { readonly zh: string; readonly en: string }
