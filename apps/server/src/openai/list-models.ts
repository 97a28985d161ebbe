import { WorkstreamError } from '@arawn/core/error'
import type { LanguageModels } from '@arawn/core/language-model'
import { nearestNames } from '@arawn/core/nearest'
import * as z from 'zod'

export const openAiModelSchema = z.object({
  /** What `model` of a chat completion may be. */
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  /** The provider. */
  owned_by: z.string(),
})
export type OpenAiModel = z.infer<typeof openAiModelSchema>

export const openAiModelsSchema = z.object({ object: z.literal('list'), data: z.array(openAiModelSchema) })

/** `default`, and each profile by its name and as `profile/model`; those that cannot be used now are left out. */
export async function listOpenAiModels(models: LanguageModels): Promise<OpenAiModel[]> {
  const usable = (await models.list()).filter(({ problem }) => problem === null)
  const first = usable.find(({ isDefault }) => isDefault)
  const listed = usable.flatMap(({ profile, provider, model }) => [
    entry(profile, provider),
    entry(`${profile}/${model}`, provider),
  ])
  return first === undefined ? listed : [entry('default', first.provider), ...listed]
}

/** @throws MODEL_PROFILE_UNKNOWN */
export async function findOpenAiModel(models: LanguageModels, id: string): Promise<OpenAiModel> {
  const all = await listOpenAiModels(models)
  const found = all.find((model) => model.id === id)
  if (found !== undefined) return found
  // Another model of a profile can be asked for, too; whether the provider has it is not known before.
  const profile = all.find((model) => id.startsWith(`${model.id}/`) && model.id !== 'default')
  if (profile !== undefined) return entry(id, profile.owned_by)
  const suggestions = nearestNames(
    id,
    all.map((model) => model.id),
  )
  throw new WorkstreamError('MODEL_PROFILE_UNKNOWN', `there is no model ${id}`, { profile: id, suggestions })
}

function entry(id: string, owned_by: string): OpenAiModel {
  return { id, object: 'model', created: 0, owned_by }
}
