/** A name in the query or the body of a call, with the text of its value where that is short and simple. */
export type GivenName = { name: string; value: string | undefined }
