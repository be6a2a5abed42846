/** What the texts are filled with. */
export type Values = {
  name: string
  issuer: string
  clientId: string
  /** Stands in the place of the secret, which the page puts in when it has just been shown. */
  clientSecret: string
  redirectUri: string
  scope: string
  /** Without the slash at its end. */
  casBase: string
  service: string
  /** Of the service. */
  origin: string
}

export type Configuration = {
  name: string
  /** Whether a test signs in by exactly this. */
  isTried: boolean
  /** Where it stands. */
  file: string
  text: (values: Values) => string
}
