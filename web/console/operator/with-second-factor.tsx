import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Blank } from '../../ui/blank.tsx'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'

/**
 * Whoever sees all corps gave a second factor in this session; anybody else is led through it by the sign-in page, which sets one up
 * where there is none. The server refuses the calls until then.
 */
export function WithSecondFactor(props: { children: ReactNode }): ReactNode {
  const t = useText('operator')
  const { proof } = useSession()
  if (proof.acr === 3) return props.children
  const way = new URLSearchParams({ acr: '3', to: location.pathname + location.search })
  return (
    <Blank
      kind="locked"
      title={t('factorTitle')}
      hint={t('factorHint')}
      action={
        <Button type="primary" href={`/signin?${way}`}>
          {t('factorGo')}
        </Button>
      }
    />
  )
}
