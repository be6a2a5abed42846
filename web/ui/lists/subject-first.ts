/** The column that titles a card, and the others in their order. */
export function subjectFirst<C extends { key: string; isSubject?: boolean }>(columns: readonly C[]): C[] {
  const subject = columns.find(column => column.isSubject)
  return subject ? [subject, ...columns.filter(column => column !== subject)] : [...columns]
}
