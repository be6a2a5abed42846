import { Button } from 'antd'
import type { ReactNode } from 'react'
import { Blank } from '../../ui/blank.tsx'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import type { EntryName } from '../entries.ts'

/** In place of a page whose feature the corp has switched off. */
export function FeatureOff(props: { name: EntryName }): ReactNode {
  const t = useText('console')
  const c = useText('common')
  const { isSuper } = useSession()
  return (
    <Blank
      kind="locked"
      title={t('featureOff', { name: t(props.name) })}
      hint={t(isSuper ? 'featureOffHint' : 'featureOffAsk')}
      action={
        isSuper ? (
          <Button type="primary" href="/console/system/features">
            {c('switchOn')}
          </Button>
        ) : null
      }
    />
  )
}
