import { toJsonSchema, toJsonSchemaDefs, type ConversionConfig, type JsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import { COMPONENTS } from './components.ts';
import { DESCRIPTIONS } from './descriptions.ts';

export type { JsonSchema } from '@valibot/to-json-schema';

/**
 * What a parameter becomes, not the text it is, is what a reader wants to know. Checks that JSON Schema has no word for
 * are left out: the server says what is wrong.
 */
const CONFIG: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'output',
  errorMode: 'ignore',
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
};

/** A schema as the document has it; those with a name are only referred to. */
export function jsonSchemaOf(schema: GenericSchema): JsonSchema {
  const name = Object.keys(COMPONENTS).find((key) => COMPONENTS[key] === schema);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  const {
    $schema: _schema,
    $defs: _definitions,
    ...own
  } = toJsonSchema(schema, { ...CONFIG, definitions: { ...COMPONENTS } });
  return own;
}

/** The schemas with a name. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const schemas = toJsonSchemaDefs({ ...COMPONENTS }, CONFIG);
  for (const [name, texts] of Object.entries(DESCRIPTIONS)) {
    for (const [key, description] of Object.entries(texts)) {
      const property = schemas[name]?.properties?.[key];
      if (typeof property !== 'object') throw new Error(`there is no ${name}.${key} to describe`);
      property.description = description;
    }
  }
  return schemas;
}
