/** What a message's content says besides its words, whatever its channel. It is stored with them, so that a later version of the type changes nothing. */
export type ContentFlags = {
  /** Its receivers are asked to acknowledge it (回执). */
  receipt?: true
  /** Administrators, the help desk and exports do not see its words. */
  private?: true
}

export function withFlags<C extends object>(content: C, { receipt, private: isPrivate }: FlagsGiven): C {
  return { ...content, ...(receipt ? { receipt: true } : {}), ...(isPrivate ? { private: true } : {}) }
}
type FlagsGiven = { receipt?: boolean | undefined; private?: boolean | undefined }

export const asksReceipt = (content: object): boolean => (content as ContentFlags).receipt === true

/** Whether anybody but its sender and its receivers may see what a message says: the one rule for lists, details, exports, search and the help desk. */
export const isBodyShown = (content: object): boolean => (content as ContentFlags).private !== true
