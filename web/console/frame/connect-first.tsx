import { Card } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../ui/text.ts'
import { ConnectForm } from '../corps/connect-form.tsx'
import { StepsOfDayOne } from '../overview/steps-to-live.tsx'

/** The first step of going live and what follows it: shown on every page that is about a corp while none is connected. */
export function ConnectFirst(): ReactNode {
  const t = useText('console')
  return (
    <div className="console-first">
      <Card size="small" title={t('connectFirst')}>
        <ConnectForm />
      </Card>
      <StepsOfDayOne />
    </div>
  )
}
