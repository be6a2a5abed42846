import { useText } from '../text.ts'
import { CallError } from './api.ts'

/** Returns a function that turns an error into words for people. */
export function useErrorText(): (error: unknown) => string {
  const t = useText('common')
  return error => {
    if (!(error instanceof CallError)) return error instanceof Error ? error.message : String(error)
    const { retCode, message } = error
    if (retCode === '1001' && /^[\w.[\]-]+$/.test(message)) return t('lacking', { what: message })
    return message || t('networkFailed')
  }
}
