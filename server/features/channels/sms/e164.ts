import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js'

/** Converts a number to E.164, taking numbers without a country code as mainland. Undefined when it is no phone number. */
export function toE164(mobile: string): string | undefined {
  // Nearly all numbers have this form, and a send to all members parses each of them three times.
  if (/^1\d{10}$/.test(mobile)) return `+86${mobile}`
  const parsed: PhoneNumber | undefined = parsePhoneNumberFromString(mobile, 'CN')
  return parsed?.isPossible() ? parsed.number : undefined
}
