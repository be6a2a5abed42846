import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useText } from '../../../ui/text.ts'
import { accountOwner, RepliesOf } from '../../replies/owner.tsx'
import { Replies } from '../../replies/replies.tsx'
import { AccountPage, whyNot } from '../use-account.tsx'
import { ImportDrawer } from './import-drawer.tsx'

/** Automatic replies of an official account. */
export function Page(): ReactNode {
  const t = useText('official-replies')
  return (
    <AccountPage title={t('title')} hint={t('hint')} needs="reply" actions={() => <ImportButton />}>
      {account => (
        <>
          <RepliesOf value={accountOwner(account, whyNot(account, 'customMessage'))}>
            <Replies />
          </RepliesOf>
          <ImportDrawer account={account} />
        </>
      )}
    </AccountPage>
  )
}

function ImportButton(): ReactNode {
  const t = useText('official-replies')
  const { open } = useOpen('import')
  return <Button onClick={() => open(1)}>{t('import')}</Button>
}
