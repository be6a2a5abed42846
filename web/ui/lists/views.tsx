import { DownOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { ListPath } from '../data/api.ts'
import { level } from '../data/level.ts'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'

// Few who open a list look at its views.
const ViewList = lazy(async () => ({ default: (await import('./view-list.tsx')).ViewList }))

/** Filters of a list that were saved under a name: those of the corp, and the reader's own. For administrators. */
export function Views(props: { list: ListPath; filters: readonly string[] }): ReactNode {
  const t = useText('common')
  const { person, points } = useSession()
  const [isOpen, setOpen] = useState(false)
  const isAdministrator = [level.system, level.superAdministrator, level.graded].some(
    one => one === person.roleLevel,
  )
  if (!isAdministrator && points['console:use'] === undefined) return null
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isOpen}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <Suspense fallback={null}>
          <ViewList {...props} close={() => setOpen(false)} />
        </Suspense>
      }
    >
      <Button size="small" type="text" aria-expanded={isOpen}>
        {t('views')} <DownOutlined aria-hidden />
      </Button>
    </Popover>
  )
}
