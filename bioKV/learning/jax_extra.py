"""JAX and optax, the extra "learn": imported only when something is learned."""

from __future__ import annotations

from typing import Any

from ..importing import importing


def require_jax() -> tuple[Any, Any]:
    """The modules jax and optax.

    Returns
    -------
    jax : module
        JAX.
    optax : module
        Its optimisers.

    Raises
    ------
    ValueError
        Where they are not installed, with how to get them.
    """
    try:
        with importing():
            import jax
            import optax
    except ImportError:
        raise ValueError('learning needs JAX and optax, which are not installed: pip install "bioKV[learn]"') from None
    return jax, optax
