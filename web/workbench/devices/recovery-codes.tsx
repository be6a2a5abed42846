import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'

/** Shown this once. */
export function RecoveryCodes({ codes }: { codes: readonly string[] }): ReactNode {
  const t = useText('devices')
  if (codes.length === 0) return null
  return (
    <div className="wb-codes" role="status">
      <p>{t('codesHint')}</p>
      <ul className="wb-code-list" aria-label={t('codes')}>
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  )
}
