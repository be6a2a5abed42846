import { useText } from '../text.ts'
import { CallError } from './api.ts'

/** Returns a function that turns an error into words for people. */
export function useErrorText(): (error: unknown) => string {
  const t = useText('common')
  return error => {
    if (error instanceof CallError) return withoutCode(error) || t('networkFailed')
    return error instanceof Error ? error.message : String(error)
  }
}

/** 1009 stands for many refusals, of a wrong password too; what follows its own words says all. */
function withoutCode({ retCode, message }: CallError): string {
  return retCode === '1009' ? message.replace(/^(无权限|not permitted): /, '') : message
}
