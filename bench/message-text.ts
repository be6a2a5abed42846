/** What messages say, and the message type that says it. */
export const benchText = '您有一条新的待办，等待您审批，请及时处理。编号 '
export const benchType = 'bench'
