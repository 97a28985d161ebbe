import type { LanguageModels } from '@arawn/core/language-model'
import type { ManagerPolicy, TurnPorts } from '@arawn/manager/create-workstream-manager'

export const compression: ManagerPolicy['compression']
export function batching(baseUrl: string, key: string): LanguageModels & Pick<TurnPorts, 'counter'>
