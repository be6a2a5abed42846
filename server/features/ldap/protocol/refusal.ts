/** Result codes of RFC 4511 that wisp answers with. */
export const results = {
  success: 0,
  operations: 1,
  protocol: 2,
  timeLimit: 3,
  sizeLimit: 4,
  compareFalse: 5,
  compareTrue: 6,
  authMethod: 7,
  adminLimit: 11,
  criticalExtension: 12,
  confidentiality: 13,
  noSuchObject: 32,
  invalidCredentials: 49,
  access: 50,
  unavailable: 52,
  unwilling: 53,
  other: 80,
} as const

/** Why an operation is not done. `message` is the diagnosticMessage, which whoever sets up a program reads in its log: English. */
export class LdapRefusal extends Error {
  readonly code: number

  constructor(code: keyof typeof results, message: string) {
    super(message)
    this.code = results[code]
  }
}
