export const builtFolder: string
export function stampNow(): string
export function isBuilt(stamp?: string): boolean
export function commandLine(): string
