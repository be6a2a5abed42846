import type { ReactNode } from 'react'
import { useText } from '../ui/text.ts'
import { Me, type MePart } from '../workbench/me.tsx'
import { MePartPage } from '../workbench/me-part.tsx'
import { Sheet } from '../workbench/sheet.tsx'

type Props = { part: MePart | undefined; onOpen(part: MePart): void; onBack(): void }

/** The profile; its parts open in a sheet, which has its own place in the history, so that the phone's back button closes it. */
export function MePage({ part, onOpen, onBack }: Props): ReactNode {
  const t = useText('portal')
  return (
    <>
      <Me onOpen={onOpen} />
      {part ? (
        <Sheet place="bottom" title={t(part)} onBack={onBack} onClose={onBack}>
          <div className="wb-scroll">
            <MePartPage part={part} />
          </div>
        </Sheet>
      ) : null}
    </>
  )
}
