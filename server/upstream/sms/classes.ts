/**
 * What a vendor's code says of an SMS, for every vendor with codes of its own: this one file decides whether another vendor is tried
 * (docs/upstream/sms.md#failover).
 */

/**
 * `notSent`: the vendor's front door refused it, and another vendor may take it. `unclear`: it may have left. `person`: the number or the
 * words are to blame, with any vendor. `often`: this number got too many.
 */
export type SmsClass = 'notSent' | 'unclear' | 'person' | 'often'

/**
 * `mend`: what has to happen before the same vendor takes it, where no other is left: `settings` are corrected, or it is `later`.
 * `isNumber`: a number is to blame, and others of the same call are not.
 */
export type SmsVerdict = { class: SmsClass; mend?: 'settings' | 'later'; isNumber?: true }

export type CodedVendor = 'aliyun' | 'tencent' | 'huawei'

type Row = readonly [pattern: RegExp, verdict: SmsVerdict]

const notSent: SmsVerdict = { class: 'notSent' }
const settings: SmsVerdict = { class: 'notSent', mend: 'settings' }
const later: SmsVerdict = { class: 'notSent', mend: 'later' }
const unclear: SmsVerdict = { class: 'unclear' }
const words: SmsVerdict = { class: 'person' }
const number: SmsVerdict = { class: 'person', isNumber: true }
const often: SmsVerdict = { class: 'often', isNumber: true }

/** The first row that fits decides; the last one of each vendor fits every code. */
const tables: Record<CodedVendor, readonly Row[]> = {
  aliyun: [
    [/^isv\.BUSINESS_LIMIT_CONTROL$/, often],
    [/^isv\.(MOBILE_NUMBER_ILLEGAL|MOBILE_COUNT_OVER_LIMIT|BLACKLIST)/, number],
    [
      /^isv\.(BLACK_KEY_CONTROL_LIMIT|SMS_CONTENT_ILLEGAL|PARAM_LENGTH_LIMIT|TEMPLATE_MISSING_PARAMETERS|INVALID_JSON_PARAM)$/,
      words,
    ],
    [/^(Throttling|isv\.(DAY|MONTH)_LIMIT_CONTROL$)/, later],
    [/^(SignatureDoesNotMatch|SignatureNonceUsed|InvalidAccessKeyId|InvalidTimeStamp|Forbidden)/, settings],
    [/^isp\.RAM_PERMISSION_DENY$/, settings],
    [
      /^isv\.(OUT_OF_SERVICE|AMOUNT_NOT_ENOUGH|PRODUCT_|ACCOUNT_|SMS_SIGN|SIGN_STATE_ILLEGAL|SMS_TEMPLATE_ILLEGAL|DENY_IP_RANGE)/,
      settings,
    ],
    [/^(isv\.|Invalid|Missing|Unsupported)/, notSent],
    // Codes of SendMessageToGlobe have no prefix.
    [/^MOBILE_NUMBER_ILLEGAL$/, number],
    [/^(INVALID_SENDERID|OUT_OF_SERVICE|AMOUNT_NOT_ENOUGH)$/, settings],
    [/.*/, unclear],
  ],
  tencent: [
    [/^LimitExceeded\.(PhoneNumber|DeliveryFrequencyLimit)/, often],
    [/^InvalidParameterValue\.IncorrectPhoneNumber$/, number],
    // The list is each vendor's own.
    [/^FailedOperation\.PhoneNumberInBlacklist$/, { class: 'notSent', isNumber: true }],
    [/^(InvalidParameterValue\.ContentLengthLimit|FailedOperation\.ContainSensitiveWord)$/, words],
    [/^InternalError\.(SigVerificationFail|SigFieldMissing|RestApiInterfaceNotExist)$/, settings],
    [/^InternalError/, unclear],
    [/^(RequestLimitExceeded|LimitExceeded\.AppDailyLimit)/, later],
    [
      /^(AuthFailure|UnauthorizedOperation)|SdkAppIdNotExist|SignatureIncorrect|TemplateIncorrect|InsufficientBalance/,
      settings,
    ],
    [
      /^(FailedOperation|InvalidParameter|MissingParameter|LimitExceeded|UnsupportedOperation|InvalidAction|NoSuch)/,
      notSent,
    ],
    [/.*/, unclear],
  ],
  huawei: [
    [/^E000000$/, unclear],
    [/^E2\d{5}$/, number],
    [/^E000(00|01|02|03|1)\d{1,2}$/, settings],
    [/^E000(510|620)$/, settings],
    [/^E000623$/, later],
    [/^E000[56]\d\d$/, notSent],
    [/.*/, unclear],
  ],
}

export function verdictOf(vendor: CodedVendor, code: string): SmsVerdict {
  return tables[vendor].find(([pattern]) => pattern.test(code))?.[1] ?? unclear
}
