import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../ui/text.ts'
import { type Program, protocolNames, usePrograms } from './program.ts'
import { ProgramIcon } from './program-icon.tsx'
import './programs.css'

/** The programs that wisp knows, each a button. */
export function Gallery({ choose }: { choose(program: Program): void }): ReactNode {
  const t = useText('app-sign-in')
  return (
    <ul className="program-gallery" aria-label={t('programs')}>
      {usePrograms().map(program => (
        <li key={program.id}>
          <Button onClick={() => choose(program)}>
            <ProgramIcon program={program} />
            <span className="program-words">
              {program.name}
              <small>{protocolNames[program.kind]}</small>
            </span>
          </Button>
        </li>
      ))}
    </ul>
  )
}
