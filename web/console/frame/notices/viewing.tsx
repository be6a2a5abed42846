import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { endView } from '../../../ui/storage/view-as.ts'
import { useText } from '../../../ui/text.ts'

/** Stands above each page while somebody looks as another role. */
export function Viewing({ role }: { role: string }): ReactNode {
  const t = useText('console')
  const roles = useText('own-roles')
  return (
    <Alert
      banner
      type="info"
      title={t('viewingAs', { role: role || roles('fixedRole') })}
      action={
        <Button size="small" onClick={endView}>
          {t('stopViewing')}
        </Button>
      }
    />
  )
}
