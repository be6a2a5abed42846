import type { Input } from '../http/input.ts'

/** A request to the shared address of both vendors. */
export interface VendorRequest {
  method: string
  /** As sent, without the question mark. */
  query: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export const header = (request: Pick<VendorRequest, 'headers'>, name: string): string => {
  const value = request.headers[name]
  return (Array.isArray(value) ? value.join(',') : (value ?? '')).trim()
}

/** A vendor's refusal of the whole call. */
export class VendorError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 200) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** A required text parameter. */
export function required(input: Input, key: string, missing: (key: string) => VendorError): string {
  const value = input[key]
  if (typeof value !== 'string' || value === '') throw missing(key)
  return value
}
