"""What every piece of a configuration file has in common."""

from __future__ import annotations

from typing import Annotated, ClassVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, model_validator


def _takes_nothing(annotation: object) -> bool:
    """Whether an empty value means something of its own there, as in ``above_usual: null``."""
    if get_origin(annotation) is Annotated:
        return _takes_nothing(get_args(annotation)[0])
    return annotation is type(None) or type(None) in get_args(annotation)


class Model(BaseModel):
    """A piece of a configuration file: no unknown keys, never changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)

    others: ClassVar[type[Model] | None] = None
    """What keys of the person's own naming take, in a model that has room for them."""

    @model_validator(mode="before")
    @classmethod
    def _empty_means_default(cls, value: object) -> object:
        """A key with nothing behind it (all of its lines are comments) counts as left out."""
        if not isinstance(value, dict) or None not in value.values():
            return value
        kept = {
            key
            for name, field in cls.model_fields.items()
            if field.is_required() or _takes_nothing(field.annotation)
            for key in (name, field.alias)
        }
        return {key: found for key, found in value.items() if found is not None or key in kept}
