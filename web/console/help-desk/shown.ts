/** As long as the server keeps what was refused. */
export const refusalDays = 400

/** As many messages as the server tells of. */
export const messagesAtMost = 100
