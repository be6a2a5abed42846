import type { ReactNode } from 'react'
import type { EmailPreview } from '../../../../../server/features/channels/email/preview.ts'
import { useText } from '../../../../ui/text.ts'
import { FileRow } from '../../file-row.tsx'

export function MailPreview(props: { preview: EmailPreview }): ReactNode {
  const t = useText('messages')
  const { from, subject, text, url, btntxt, files } = props.preview
  return (
    <div className="wisp-mail">
      <div className="wisp-mail-head">
        <div className="wisp-quiet">
          {t('sender')}: {from || '—'}
        </div>
      </div>
      <div className="wisp-mail-body">
        <div className="wisp-mail-subject">{subject || t('noTitle')}</div>
        <div className="wisp-words">{text}</div>
        {url ? (
          <span className="wisp-mail-button" title={url}>
            {btntxt}
          </span>
        ) : null}
        {files.map(file => (
          <FileRow key={file.mediaId} file={file} />
        ))}
      </div>
    </div>
  )
}
