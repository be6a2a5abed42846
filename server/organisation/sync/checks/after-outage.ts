/** Requester of a check after changes may have been missed. */
export const afterOutage = 'outage'
