/** Opens one message for its receiver, once they are signed in, and tells anybody else that it is not theirs. */
export const messagePath = (msgId: string) => `/mobile?message=${msgId}`
