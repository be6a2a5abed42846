/** Cannot be the id of a template, because ids contain no colon. */
export const newTemplate = ':new'
