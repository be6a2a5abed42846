import { App, Button } from 'antd'
import type { ReactNode } from 'react'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useCorpName, useSession } from '../../ui/data/session.tsx'
import { NoPermission } from '../../ui/feedback.tsx'
import { useNarrow } from '../../ui/look/width.ts'
import { usePageName } from '../../ui/page-name.ts'
import { useText } from '../../ui/text.ts'

/** What a member sees instead of the console: the way to the workbench, and to another account. */
export function NotForMembers(): ReactNode {
  const t = useText('console')
  const { person, signOut } = useSession()
  const { message } = App.useApp()
  const textOf = useErrorText()
  const isNarrow = useNarrow()
  usePageName(t('console'), useCorpName())
  return (
    <main>
      <NoPermission
        detail={t('noConsoleHint', { name: person.userName })}
        action={
          <>
            <Button type="primary" href={isNarrow ? '/mobile' : '/portal'}>
              {t('toPortal')}
            </Button>
            <Button onClick={() => void signOut().catch(error => message.error(textOf(error)))}>
              {t('signOut')}
            </Button>
          </>
        }
      />
    </main>
  )
}
